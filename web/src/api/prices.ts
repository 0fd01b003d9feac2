// SPDX-License-Identifier: MIT
//
// The price table: its versions, what had no price, imports and re-ratings.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { Job, Page, Price, PriceDiff, PriceImport, PriceImportPreview, Rerate, RerateOrder, Unpriced } from './types';

const PATH = '/api/prices';
const LOOK_MS = 500;

export const pricesQuery = queryOptions({
  queryKey: ['prices'],
  queryFn: ({ signal }) => requestAll<Price>(PATH, signal),
  staleTime: 5 * 60_000,
});

export const unpricedQuery = queryOptions({
  queryKey: ['unpriced'],
  queryFn: async ({ signal }) =>
    (await request<Page<Unpriced>>('GET', `${PATH}/unpriced`, { signal })).items,
});

export function previewImport(body: PriceImportPreview): Promise<PriceDiff> {
  return request<PriceDiff>('POST', `${PATH}/imports/preview`, { body });
}

export function importPrices(body: PriceImport): Promise<PriceDiff> {
  return request<PriceDiff>('POST', `${PATH}/imports`, { body });
}

export function createRerate(body: RerateOrder): Promise<Job> {
  return request<Job>('POST', `${PATH}/rerates`, { body });
}

export function applyRerate(id: string): Promise<Job> {
  return request<Job>('POST', `${PATH}/rerates/${id}/apply`);
}

/** Looked at again until its job is over. */
export function rerateQuery(id: string) {
  return queryOptions({
    queryKey: ['rerate', id],
    queryFn: ({ signal }) => request<Rerate>('GET', `${PATH}/rerates/${id}`, { signal }),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : LOOK_MS),
  });
}

export function isOver(rerate: Rerate | undefined): boolean {
  return rerate?.job.state === 'done' || rerate?.job.state === 'failed';
}
