// SPDX-License-Identifier: MIT
//
// The records under the present filters. They refresh on their own while the
// tab is seen and only the newest page is shown: a list that grows at its head
// must not move under the eyes of somebody who reads further down.

import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tracesQuery } from '@/api/logs';
import { readStored, writeStored } from '@/lib/storage';
import { type LogFilters, toTraceFilter } from '../fns/filters';

const REFRESH_MS = 3_000;

export function useRecords(filters: LogFilters) {
  const cache = useQueryClient();
  const [live, setLive] = useState(() => readStored('live') !== '0');
  const { record, ...key } = filters;
  const options = tracesQuery(key, () => toTraceFilter(filters));
  const query = useInfiniteQuery({
    ...options,
    placeholderData: keepPreviousData,
    // Hidden tabs do not refresh: that is TanStack Query's default.
    refetchInterval: (self) => (live && (self.state.data?.pages.length ?? 0) <= 1 ? REFRESH_MS : false),
    refetchOnWindowFocus: (self) => live && (self.state.data?.pages.length ?? 0) <= 1,
  });

  return {
    query,
    records: query.data?.pages.flatMap((page) => page.items) ?? [],
    live,
    /** Refreshing waits, for older records are shown. */
    held: live && (query.data?.pages.length ?? 0) > 1,
    toggleLive: () => {
      writeStored('live', live ? '0' : '1');
      setLive(!live);
    },
    toNewest: () => {
      cache.setQueryData(options.queryKey, (data) =>
        data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
      );
      void query.refetch();
    },
  };
}
