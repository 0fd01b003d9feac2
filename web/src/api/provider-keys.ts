// SPDX-License-Identifier: MIT
//
// Provider keys: the credentials held for providers.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { ProviderKey, ProviderKeyCreate, ProviderKeyPatch } from './types';

const PATH = '/api/provider-keys/keys';

export const providerKeysQuery = queryOptions({
  queryKey: ['provider-keys'],
  queryFn: ({ signal }) => requestAll<ProviderKey>(PATH, signal),
});

export function createProviderKey(body: ProviderKeyCreate): Promise<ProviderKey> {
  return request<ProviderKey>('POST', PATH, { body });
}

export function updateProviderKey(id: number, body: ProviderKeyPatch): Promise<ProviderKey> {
  return request<ProviderKey>('PATCH', `${PATH}/${id}`, { body });
}

export function deleteProviderKey(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}
