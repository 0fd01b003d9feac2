// SPDX-License-Identifier: MIT
//
// Records of requests, and the requests that run now.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { request } from './request';
import type { Page, RunningRequest, Trace, TraceDetail, TracePayload, TraceQuery } from './types';

export type TraceFilter = Omit<TraceQuery, 'cursor' | 'limit'>;

const PAGE_SIZE = 50;
/** The most that a look at the tail brings; then there may be more. */
export const TAIL_SIZE = 200;

/**
 * Pages of records, newest first. `key` names the list in the cache;
 * `filterNow` is asked at each fetch, for a period ends when it is looked at.
 */
export function tracesQuery(key: object, filterNow: () => TraceFilter) {
  return infiniteQueryOptions({
    queryKey: ['traces', key],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Trace>>('GET', '/api/logs/traces', {
        query: { ...filterNow(), running: false, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** `id` is a record's number or a request id. */
export function traceQuery(id: string) {
  return queryOptions({
    queryKey: ['trace', id],
    queryFn: ({ signal }) =>
      request<TraceDetail>('GET', `/api/logs/traces/${encodeURIComponent(id)}`, { signal }),
    staleTime: Infinity,
  });
}

/**
 * What a request said. Each look is in the audit log: asked once when it is
 * opened, never again by itself, and forgotten when it is closed.
 */
export function tracePayloadQuery(requestId: string) {
  return queryOptions({
    queryKey: ['trace', requestId, 'payload'],
    queryFn: ({ signal }) =>
      request<TracePayload>('GET', `/api/logs/traces/${encodeURIComponent(requestId)}/payload`, { signal }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
}

/** What was stored since `since`: 'now', and from then on `next` of the answer before. In that order. */
export function tailTraces(filter: TraceFilter, since: string, signal: AbortSignal): Promise<Page<Trace>> {
  return request<Page<Trace>>('GET', '/api/logs/traces', {
    query: { ...filter, tail: since, limit: TAIL_SIZE },
    signal,
  });
}

export const runningQuery = queryOptions({
  queryKey: ['running'],
  queryFn: ({ signal }) => request<Page<RunningRequest>>('GET', '/api/logs/running', { signal }),
});
