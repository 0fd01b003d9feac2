// SPDX-License-Identifier: MIT
//
// Jobs: what takes longer than a request, and the files they leave.

import { queryOptions } from '@tanstack/react-query';
import type { TraceFilter } from './logs';
import { request, requestFile } from './request';
import type { ExportOrder, Job, Page } from './types';

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: async ({ signal }) => (await request<Page<Job>>('GET', '/api/jobs', { signal })).items,
});

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => request<Job>('GET', `/api/jobs/${id}`, { signal }),
  });
}

export function createExport(filter: TraceFilter, order: ExportOrder): Promise<Job> {
  return request<Job>('POST', '/api/logs/exports', { query: filter, body: order });
}

export function downloadJob(id: string): Promise<{ content: Blob; name: string }> {
  return requestFile(`/api/jobs/${id}/download`);
}
