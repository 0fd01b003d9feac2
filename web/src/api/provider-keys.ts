// SPDX-License-Identifier: MIT
//
// Provider keys: the credentials held for providers.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { Job, KeyHealth, ProviderKey, ProviderKeyCreate, ProviderKeyPatch } from './types';

const PATH = '/api/provider-keys/keys';

export const providerKeysQuery = queryOptions({
  queryKey: ['provider-keys'],
  queryFn: ({ signal }) => requestAll<ProviderKey>(PATH, signal),
});

/** With an idempotency key the same creation may be sent again. */
export function createProviderKey(body: ProviderKeyCreate, idempotencyKey?: string): Promise<ProviderKey> {
  return request<ProviderKey>('POST', PATH, { body, ...(idempotencyKey !== undefined && { idempotencyKey }) });
}

export function updateProviderKey(id: number, body: ProviderKeyPatch): Promise<ProviderKey> {
  return request<ProviderKey>('PATCH', `${PATH}/${id}`, { body });
}

/** Has the token of an OAuth key renewed at once. */
export function refreshProviderKey(id: number): Promise<ProviderKey> {
  return request<ProviderKey>('POST', `${PATH}/${id}/refresh`);
}

export function deleteProviderKey(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}

/** Its health, with a page of its history. */
export function keyHealthQuery(id: number) {
  return infiniteQueryOptions({
    queryKey: ['provider-key-health', id],
    queryFn: ({ pageParam, signal }) =>
      request<KeyHealth>('GET', `${PATH}/${id}/health`, { query: { limit: 10, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.history.next,
  });
}

const LOOK_MS = 200;

/** Probes it now; the probe has ended when this returns. */
export async function checkProviderKey(id: number): Promise<void> {
  let job = await request<Job>('POST', `${PATH}/${id}/health-check`);
  while (job.state === 'waiting' || job.state === 'running') {
    await new Promise((done) => setTimeout(done, LOOK_MS));
    job = await request<Job>('GET', `/api/jobs/${job.id}`);
  }
  if (job.state === 'failed') throw new Error(job.error ?? '');
}

export function endProviderKeyRest(id: number): Promise<undefined> {
  return request<undefined>('POST', `${PATH}/${id}/end-rest`);
}
