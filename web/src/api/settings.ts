// SPDX-License-Identifier: MIT
//
// What holds for the whole data plane: the ways in, browsers, tracing, and the
// issuers whose tokens are taken.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type {
  Authentication,
  AuthenticationPatch,
  Issuer,
  IssuerCreate,
  IssuerPatch,
  Settings,
  SettingsPatch,
} from './types';

const PATH = '/api/settings';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => request<Settings>('GET', PATH, { signal }),
});

export function updateSettings(body: SettingsPatch): Promise<Settings> {
  return request<Settings>('PATCH', PATH, { body });
}

export const authenticationQuery = queryOptions({
  queryKey: ['authentication'],
  queryFn: ({ signal }) => request<Authentication>('GET', `${PATH}/authentication`, { signal }),
});

export function updateAuthentication(body: AuthenticationPatch): Promise<Authentication> {
  return request<Authentication>('PATCH', `${PATH}/authentication`, { body });
}

export const issuersQuery = queryOptions({
  queryKey: ['issuers'],
  queryFn: ({ signal }) => requestAll<Issuer>(`${PATH}/issuers`, signal),
});

export function createIssuer(body: IssuerCreate): Promise<Issuer> {
  return request<Issuer>('POST', `${PATH}/issuers`, { body });
}

export function updateIssuer(id: number, body: IssuerPatch): Promise<Issuer> {
  return request<Issuer>('PATCH', `${PATH}/issuers/${id}`, { body });
}

export function deleteIssuer(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/issuers/${id}`);
}

export function fetchIssuerKeys(id: number): Promise<unknown> {
  return request<unknown>('POST', `${PATH}/issuers/${id}/fetch-keys`);
}
