// SPDX-License-Identifier: MIT
//
// Who changed what.

import { infiniteQueryOptions } from '@tanstack/react-query';
import { request } from './request';
import type { AuditEntry, AuditQuery, Page } from './types';

export type AuditFilter = Omit<AuditQuery, 'cursor' | 'limit'>;

const PAGE_SIZE = 50;

export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      request<Page<AuditEntry>>('GET', '/api/audit', {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}
