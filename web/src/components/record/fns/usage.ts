// SPDX-License-Identifier: MIT
//
// The usage of a request, split into parts that do not overlap: the counts of
// the cache are contained in the input, those of reasoning in the output.

import type { TraceDetail, Usage } from '@/api/types';

export type UsagePart = 'input' | 'cacheRead' | 'cacheWrite' | 'output' | 'reasoning';

export interface Share {
  part: UsagePart;
  tokens: number;
}

function cacheWrites(usage: Usage): { short: number; long: number } {
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

/** Counts that few requests have, other models' included. */
export function moreCounts(usage: Usage): [name: string, count: number][] {
  const rows = Object.entries(usage.more);
  for (const other of usage.others) {
    for (const [name, count] of Object.entries(other.counts)) {
      rows.push([other.model === '' ? name : `${other.model}: ${name}`, count]);
    }
  }
  return rows;
}

export interface Manner {
  key: 'tier' | 'calibrated' | 'cut' | 'drained' | 'drain_cut' | 'stored';
  values: Record<string, string | number>;
}

const PPM = 1_000_000;
const PERCENT_PPM = 10_000;

/** How the counts came about, where that is not plain. */
export function countedManner(record: TraceDetail): Manner[] {
  const manners: Manner[] = [];
  if (record.usage.tier !== null && record.usage.tier !== 'standard') {
    manners.push({ key: 'tier', values: { tier: record.usage.tier } });
  }
  if (record.calibration !== null) {
    const factor = (record.calibration.ppm / PPM).toFixed(2);
    const error = (record.calibration.error_ppm / PERCENT_PPM).toFixed(1);
    manners.push({ key: 'calibrated', values: { factor, error } });
  }
  if (record.on_abort !== null) {
    manners.push({ key: record.on_abort, values: { bytes: record.drained_bytes ?? 0 } });
  }
  if (record.stored) manners.push({ key: 'stored', values: {} });
  return manners;
}
