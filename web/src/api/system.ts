// SPDX-License-Identifier: MIT
//
// How the node is, and the price table.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { Price, SystemStatus } from './types';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => request<SystemStatus>('GET', '/api/system/status', { signal }),
});

export const pricesQuery = queryOptions({
  queryKey: ['prices'],
  queryFn: ({ signal }) => requestAll<Price>('/api/prices', signal),
  staleTime: 5 * 60_000,
});
