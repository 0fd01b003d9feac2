// SPDX-License-Identifier: MIT
//
// Providers: upstream vendors, as data.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { ConnectionOrder, Job, Preview, PreviewRequest, Provider, ProviderCreate, ProviderPatch } from './types';

const PATH = '/api/providers';

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => requestAll<Provider>(PATH, signal),
});

export function createProvider(body: ProviderCreate): Promise<Provider> {
  return request<Provider>('POST', PATH, { body });
}

export function updateProvider(id: number, body: ProviderPatch): Promise<Provider> {
  return request<Provider>('PATCH', `${PATH}/${id}`, { body });
}

/** The head of a request as the provider would see it; nothing is sent. */
export function previewProvider(id: number, body: PreviewRequest): Promise<Preview> {
  return request<Preview>('POST', `${PATH}/${id}/preview`, { body });
}

/** The head of a request that there was, by the provider as it is now. */
export function requestHeadQuery(id: number, requestId: string, body: PreviewRequest) {
  return queryOptions({
    queryKey: ['providers', id, 'head', requestId],
    queryFn: () => previewProvider(id, body),
  });
}

/** One request without a credential; the job tells how far it came. */
export function testConnection(body: ConnectionOrder): Promise<Job> {
  return request<Job>('POST', `${PATH}/connection/test`, { body });
}

export function deleteProvider(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}
