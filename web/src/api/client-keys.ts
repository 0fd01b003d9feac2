// SPDX-License-Identifier: MIT
//
// Client keys: what callers show the gateway.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { ClientKey, ClientKeyCreate, ClientKeyCreated, ClientKeyPatch } from './types';

const PATH = '/api/client-keys';

export const clientKeysQuery = queryOptions({
  queryKey: ['client-keys'],
  queryFn: ({ signal }) => requestAll<ClientKey>(PATH, signal),
});

export function createClientKey(body: ClientKeyCreate): Promise<ClientKeyCreated> {
  return request<ClientKeyCreated>('POST', PATH, { body });
}

export function updateClientKey(id: number, body: ClientKeyPatch): Promise<ClientKey> {
  return request<ClientKey>('PATCH', `${PATH}/${id}`, { body });
}

export function deleteClientKey(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}

/** A new key in place of the present one, which works on for its grace. */
export function rotateClientKey(id: number, grace_ms: number): Promise<ClientKeyCreated> {
  return request<ClientKeyCreated>('POST', `${PATH}/${id}/rotate`, { body: { grace_ms } });
}
