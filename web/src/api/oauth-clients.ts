// SPDX-License-Identifier: MIT
//
// OAuth clients: who gets tokens of callers by client credentials.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { OAuthClient, OAuthClientCreate, OAuthClientCreated, OAuthClientPatch } from './types';

const PATH = '/api/oauth-clients';

export const oauthClientsQuery = queryOptions({
  queryKey: ['oauth-clients'],
  queryFn: ({ signal }) => requestAll<OAuthClient>(PATH, signal),
});

export function createOAuthClient(body: OAuthClientCreate): Promise<OAuthClientCreated> {
  return request<OAuthClientCreated>('POST', PATH, { body });
}

export function updateOAuthClient(id: number, body: OAuthClientPatch): Promise<OAuthClient> {
  return request<OAuthClient>('PATCH', `${PATH}/${id}`, { body });
}

export function deleteOAuthClient(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}

export function rotateOAuthClient(id: number, grace_ms: number): Promise<OAuthClientCreated> {
  return request<OAuthClientCreated>('POST', `${PATH}/${id}/rotate`, { body: { grace_ms } });
}

export function revokeTokens(id: number): Promise<unknown> {
  return request<unknown>('POST', `${PATH}/${id}/revoke-tokens`);
}
