// SPDX-License-Identifier: MIT
//
// Sums over all requests: today, trends, who and what used most, why requests
// failed.

import { queryOptions } from '@tanstack/react-query';
import { timeZone } from '@/lib/time-zone';
import { request } from './request';
import type { ErrorShares, Overview, Page, Point, Ranking, RankingQuery, TrendsQuery } from './types';

const PATH = '/api/statistics';
const FRESH_MS = 10_000;

export const overviewQuery = queryOptions({
  queryKey: ['statistics', 'overview'],
  queryFn: ({ signal }) =>
    request<Overview>('GET', `${PATH}/overview`, { query: { time_zone: timeZone() }, signal }),
  staleTime: FRESH_MS,
});

export function pointsQuery(query: Pick<TrendsQuery, 'days' | 'step'>) {
  return queryOptions({
    queryKey: ['statistics', 'points', query],
    queryFn: async ({ signal }) =>
      (await request<Page<Point>>('GET', `${PATH}/trends`, { query: { ...query, time_zone: timeZone() }, signal }))
        .items,
    staleTime: FRESH_MS,
  });
}

export function rankingQuery(query: Pick<RankingQuery, 'by' | 'days' | 'order'>) {
  return queryOptions({
    queryKey: ['statistics', 'top', query],
    queryFn: ({ signal }) =>
      request<Ranking>('GET', `${PATH}/top`, { query: { ...query, time_zone: timeZone() }, signal }),
    staleTime: FRESH_MS,
  });
}

export function errorsQuery(days: number) {
  return queryOptions({
    queryKey: ['statistics', 'errors', days],
    queryFn: async ({ signal }) =>
      (await request<ErrorShares>('GET', `${PATH}/errors`, { query: { days, time_zone: timeZone() }, signal })).items,
    staleTime: FRESH_MS,
  });
}
