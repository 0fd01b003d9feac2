// SPDX-License-Identifier: MIT
//
// What every list of configured objects does with one of them: delete it after
// a question, switch it on and off.

import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { notifyDone } from './notify';

interface Named {
  id: number;
  name: string;
}

interface RemovalOptions {
  remove: (id: number) => Promise<unknown>;
  /** Which lists have changed by it. */
  changes: QueryKey[];
  done: (name: string) => string;
}

export function useRemoval<Row extends Named>({ remove, changes, done }: RemovalOptions) {
  const cache = useQueryClient();
  const [asked, setAsked] = useState<Row | null>(null);
  const removal = useMutation({
    mutationFn: (row: Row) => remove(row.id),
    onSuccess: async (_, row) => {
      setAsked(null);
      notifyDone(done(row.name));
      await Promise.all(changes.map((queryKey) => cache.invalidateQueries({ queryKey })));
    },
  });
  return {
    asked,
    ask: (row: Row) => {
      removal.reset();
      setAsked(row);
    },
    cancel: () => setAsked(null),
    confirm: () => {
      if (asked !== null) removal.mutate(asked);
    },
    pending: removal.isPending,
    error: removal.error,
  };
}

interface SwitchOptions {
  change: (id: number, isEnabled: boolean) => Promise<unknown>;
  list: QueryKey;
  done: (name: string, isEnabled: boolean) => string;
}

export function useEnabling<Row extends Named & { is_enabled: boolean }>(options: SwitchOptions) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (row: Row) => options.change(row.id, !row.is_enabled),
    onSuccess: async (_, row) => {
      notifyDone(options.done(row.name, !row.is_enabled));
      await cache.invalidateQueries({ queryKey: options.list });
    },
  });
}
