// SPDX-License-Identifier: MIT
//
// Limits: what client keys have used of theirs, and those of users.

import { queryOptions } from '@tanstack/react-query';
import { request } from './request';
import type { LimitRaise, LimitReport, Page, UserLimits, UserLimitsPatch } from './types';

/** Live: of all nodes where they share a Redis, else of the one that answers. */
export function clientKeyLimitsQuery(id: number) {
  return queryOptions({
    queryKey: ['limits', id],
    queryFn: ({ signal }) => request<LimitReport>('GET', `/api/client-keys/${id}/limits`, { signal }),
  });
}

/** Forgets what a client key has used, on the node that answers and in Redis. */
export function resetClientKeyLimits(id: number): Promise<undefined> {
  return request<undefined>('POST', `/api/client-keys/${id}/limits/reset`);
}

/** Until the limit's day or month ends. */
export function raiseClientKeyLimit(id: number, body: LimitRaise): Promise<LimitReport> {
  return request<LimitReport>('POST', `/api/client-keys/${id}/limits/raise`, { body });
}

/** The client keys that have used so many percent of some limit. */
export function usedLimitsQuery(above: number) {
  return queryOptions({
    queryKey: ['limits', 'above', above],
    queryFn: async ({ signal }) =>
      (await request<Page<LimitReport>>('GET', '/api/limits', { query: { above }, signal })).items,
  });
}

export function userLimitsQuery(id: number) {
  return queryOptions({
    queryKey: ['users', id, 'limits'],
    queryFn: ({ signal }) => request<UserLimits>('GET', `/api/users/${id}/limits`, { signal }),
  });
}

export function updateUserLimits(id: number, body: UserLimitsPatch): Promise<UserLimits> {
  return request<UserLimits>('PATCH', `/api/users/${id}/limits`, { body });
}
