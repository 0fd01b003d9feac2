// SPDX-License-Identifier: MIT
//
// The cache of what the daemon said. Reading is tried again when the daemon was
// not reached or was busy; a refusal is not asked twice. Writing is never
// repeated on its own.

import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/error';

const RETRIES = 2;

function isWorthRetry(failures: number, error: Error): boolean {
  if (failures >= RETRIES || !(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: isWorthRetry, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
