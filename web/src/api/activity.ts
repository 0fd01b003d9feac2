// SPDX-License-Identifier: MIT
//
// What a key did in the last local days: its sums and its trend.

import { queryOptions } from '@tanstack/react-query';
import { timeZone } from '@/lib/time-zone';
import { request } from './request';
import type { KeyStats, Page, TrendDay } from './types';

export interface KeyRef {
  kind: 'client-key' | 'provider-key';
  id: number;
}

// Today's numbers grow; nobody watches them by the second.
const FRESH_MS = 30_000;

function pathOf({ kind, id }: KeyRef): string {
  return kind === 'client-key' ? `/api/client-keys/${id}` : `/api/provider-keys/keys/${id}`;
}

export function trendsQuery(key: KeyRef, days: number) {
  return queryOptions({
    queryKey: ['trends', key, days],
    queryFn: async ({ signal }) => {
      const query = { days, time_zone: timeZone() };
      return (await request<Page<TrendDay>>('GET', `${pathOf(key)}/trends`, { query, signal })).items;
    },
    staleTime: FRESH_MS,
  });
}

export function statsQuery(key: KeyRef, days: number) {
  return queryOptions({
    queryKey: ['stats', key, days],
    queryFn: ({ signal }) =>
      request<KeyStats>('GET', `${pathOf(key)}/stats`, { query: { days, time_zone: timeZone() }, signal }),
    staleTime: FRESH_MS,
  });
}
