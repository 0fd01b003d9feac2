// SPDX-License-Identifier: MIT
//
// Which providers were asked, and the request as its caller may have sent it.

import type { PreviewRequest, TraceDetail } from '@/api/types';

export function providersOf({ attempt_list }: Pick<TraceDetail, 'attempt_list'>): { id: number; name: string }[] {
  return [...new Map(attempt_list.map(({ provider }) => [provider.id, provider])).values()];
}

export function previewOf(record: TraceDetail): PreviewRequest {
  return {
    method: record.method,
    path: record.path,
    headers: [
      { name: 'Content-Type', value: 'application/json' },
      ...(record.user_agent === '' ? [] : [{ name: 'User-Agent', value: record.user_agent }]),
    ],
    body_bytes: record.request_bytes,
  };
}
