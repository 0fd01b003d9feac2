// SPDX-License-Identifier: MIT
//
// How the node is, and the price table.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { Page, Price, SystemEvent, SystemStatus } from './types';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => request<SystemStatus>('GET', '/api/system/status', { signal }),
});

export const pricesQuery = queryOptions({
  queryKey: ['prices'],
  queryFn: ({ signal }) => requestAll<Price>('/api/prices', signal),
  staleTime: 5 * 60_000,
});

const EVENTS_PER_PAGE = 20;

export const eventsQuery = infiniteQueryOptions({
  queryKey: ['events'],
  queryFn: ({ pageParam, signal }) =>
    request<Page<SystemEvent>>('GET', '/api/system/events', {
      query: { limit: EVENTS_PER_PAGE, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
