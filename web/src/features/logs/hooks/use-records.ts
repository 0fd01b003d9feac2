// SPDX-License-Identifier: MIT
//
// The records under the present filters. While the tab is seen and only the
// newest page is shown, what is stored appears on top: a list that grows at its
// head must not move under the eyes of somebody who reads further down.

import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { TAIL_SIZE, tailTraces, tracesQuery } from '@/api/logs';
import type { Page, Trace } from '@/api/types';
import { readStored, writeStored } from '@/lib/storage';
import { type LogFilters, toTraceFilter } from '../fns/filters';
import { withTail } from '../fns/tail';

const TAIL_MS = 1_000;

/** So many rows the newest page may grow to; then it begins anew. */
const KEPT = 300;

type Pages = InfiniteData<Page<Trace>, string | null>;

export function useRecords(filters: LogFilters) {
  const cache = useQueryClient();
  const [live, setLive] = useState(() => readStored('live') !== '0');
  const { record, ...key } = filters;
  const options = tracesQuery(key, () => toTraceFilter(filters));
  // The tail brings what is new; the whole page need not be asked for again.
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData, refetchOnWindowFocus: false });
  const held = live && (query.data?.pages.length ?? 0) > 1;
  const reload = () => cache.refetchQueries({ queryKey: options.queryKey, exact: true });

  const tailKey = ['tail', key];
  const tail = useQuery({
    queryKey: tailKey,
    queryFn: async ({ signal }) => {
      const since = cache.getQueryData<Page<Trace>>(tailKey)?.next;
      const page = await tailTraces(toTraceFilter(filters), since ?? 'now', signal);
      const grown = since === undefined ? null : onTop(cache.getQueryData<Pages>(options.queryKey), page.items);
      if (grown === null) await reload();
      else cache.setQueryData<Pages>(options.queryKey, grown);
      return page;
    },
    enabled: live && !held && query.isSuccess && !query.isPlaceholderData,
    // Hidden tabs do not ask, which is TanStack Query's default; seen again,
    // they go on from where they were.
    refetchInterval: TAIL_MS,
    gcTime: 0,
  });

  return {
    query,
    records: query.data?.pages.flatMap((page) => page.items) ?? [],
    live,
    /** The tail waits, for older records are shown. */
    held,
    /** The tail does not come at present. */
    isAway: live && tail.isError,
    toggleLive: () => {
      writeStored('live', live ? '0' : '1');
      setLive(!live);
    },
    toNewest: () => {
      cache.setQueryData<Pages>(options.queryKey, (data) =>
        data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
      );
      void reload();
    },
  };
}

/** The pages with what was stored since; null: so much that the list is better read anew. */
function onTop(data: Pages | undefined, stored: Trace[]): Pages | null {
  const [newest, ...older] = data?.pages ?? [];
  if (data === undefined || newest === undefined || stored.length >= TAIL_SIZE) return null;
  const items = withTail(newest.items, stored, newest.next !== null);
  if (items === newest.items) return data;
  return items.length > KEPT ? null : { ...data, pages: [{ ...newest, items }, ...older] };
}
