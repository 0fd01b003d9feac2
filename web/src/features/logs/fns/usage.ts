// SPDX-License-Identifier: MIT
//
// The usage of a request, split into parts that do not overlap: the counts of
// the cache are contained in the input, those of reasoning in the output.

import type { Usage } from '@/api/types';

export type UsagePart = 'input' | 'cacheRead' | 'cacheWrite' | 'output' | 'reasoning';

export interface Share {
  part: UsagePart;
  tokens: number;
}

export function cacheWrites(usage: Usage): { short: number; long: number } {
  return {
    short: (usage.cache_write_5m_tokens ?? 0) + (usage.cache_write_30m_tokens ?? 0),
    long: (usage.cache_write_1h_tokens ?? 0) + (usage.cache_write_12h_tokens ?? 0),
  };
}

/** Input tokens that were neither read from nor written to a cache. */
export function plainInput(usage: Usage): number {
  const { short, long } = cacheWrites(usage);
  return Math.max(0, (usage.input_tokens ?? 0) - (usage.cache_read_tokens ?? 0) - short - long);
}

export function usageShares(usage: Usage): Share[] {
  const { short, long } = cacheWrites(usage);
  const reasoning = usage.reasoning_tokens ?? 0;
  const shares: Share[] = [
    { part: 'input', tokens: plainInput(usage) },
    { part: 'cacheRead', tokens: usage.cache_read_tokens ?? 0 },
    { part: 'cacheWrite', tokens: short + long },
    { part: 'output', tokens: Math.max(0, (usage.output_tokens ?? 0) - reasoning) },
    { part: 'reasoning', tokens: reasoning },
  ];
  return shares.filter((share) => share.tokens > 0);
}
