// SPDX-License-Identifier: MIT
//
// Creates provider keys one after another and says of each what became of it.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { createProviderKey, providerKeysQuery } from '@/api/provider-keys';
import { randomKey } from '@/lib/random-key';
import type { ImportLine } from '../fns/import';

export interface ImportResult {
  line: ImportLine;
  state: 'waiting' | 'running' | 'created' | 'failed';
  error: Error | null;
}

interface Wish {
  provider_id: number;
  lines: ImportLine[];
}

export function useImport() {
  const cache = useQueryClient();
  const [results, setResults] = useState<ImportResult[]>([]);
  // What was created and not heard of must not be created twice, when the
  // lines that are left are tried again: one key for one wish.
  const wishes = useRef(new Map<string, string>());
  const keyOf = (wish: unknown) => {
    const text = JSON.stringify(wish);
    const key = wishes.current.get(text) ?? randomKey();
    wishes.current.set(text, key);
    return key;
  };

  const run = useMutation({
    mutationFn: async ({ provider_id, lines }: Wish) => {
      setResults(lines.map((line) => ({ line, state: 'waiting', error: null })));
      const failed: ImportLine[] = [];
      for (const line of lines) {
        const tell = (state: ImportResult['state'], error: Error | null = null) =>
          setResults((told) => told.map((result) => (result.line === line ? { line, state, error } : result)));
        tell('running');
        try {
          // One by one: each is a change of the configuration.
          // oxlint-disable-next-line no-await-in-loop
          await createProviderKey({ ...line, provider_id }, keyOf([provider_id, line]));
          tell('created');
        } catch (error) {
          failed.push(line);
          tell('failed', error instanceof Error ? error : new Error(String(error)));
        }
      }
      return failed;
    },
    onSettled: () => cache.invalidateQueries({ queryKey: providerKeysQuery.queryKey }),
    // Secrets are in it.
    gcTime: 0,
  });
  return { run, results };
}
