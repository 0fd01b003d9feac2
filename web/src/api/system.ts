// SPDX-License-Identifier: MIT
//
// How the node is.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { request } from './request';
import type { GatewayNode, Page, SystemEvent, SystemStatus, Task } from './types';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => request<SystemStatus>('GET', '/api/system/status', { signal }),
});

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: ({ signal }) => request<Page<GatewayNode>>('GET', '/api/system/nodes', { signal }),
});

export const tasksQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: ({ signal }) => request<Page<Task>>('GET', '/api/tasks', { signal }),
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
