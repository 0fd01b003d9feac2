// SPDX-License-Identifier: MIT
//
// The arithmetic of a cost, in whole pico-dollars, as the daemon does it. It is
// shown only when it comes to the cost of the record; else the price table has
// changed since, or does something that is not written here.

import type { Price, Usage } from '@/api/types';
import { cacheWrites, plainInput } from './usage';

export type PriceKind = 'input' | 'cacheRead' | 'cacheWriteShort' | 'cacheWriteLong' | 'output';

export interface CostLine {
  kind: PriceKind;
  tokens: number;
  /** USD per million tokens. */
  perMillion: string;
  /** Exact USD. */
  cost: string;
}

const MICRO_DIGITS = 6;
const PICO_DIGITS = 12;

function parseDecimal(text: string, digits: number): bigint | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const [, whole = '', fraction = ''] = match ?? [];
  if (match === null || fraction.length > digits) return null;
  return BigInt(whole + fraction.padEnd(digits, '0'));
}

export function formatPico(pico: bigint): string {
  const text = pico.toString().padStart(PICO_DIGITS + 1, '0');
  const fraction = text.slice(-PICO_DIGITS).replace(/0+$/, '');
  const whole = text.slice(0, -PICO_DIGITS);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

type Row = [kind: PriceKind, tokens: number, perMillion: string | null];

function rowsOf(price: Price, usage: Usage): Row[] {
  const { short, long } = cacheWrites(usage);
  const isTier = price.tier_at !== null && (usage.input_tokens ?? 0) > price.tier_at;
  const input = isTier ? price.tier_input : price.input;
  const read = isTier ? price.tier_cache_read : price.cache_read;
  const rows: Row[] = [
    ['input', plainInput(usage), input],
    ['cacheRead', usage.cache_read_tokens ?? 0, read ?? input],
    ['cacheWriteShort', short, isTier ? null : (price.cache_write_short ?? price.input)],
    ['cacheWriteLong', long, isTier ? null : price.cache_write_long],
    ['output', usage.output_tokens ?? 0, isTier ? price.tier_output : price.output],
  ];
  return rows.filter(([, tokens]) => tokens > 0);
}

/** The lines that add up to `cost`; nothing when they do not. */
export function costLines(price: Price, usage: Usage, cost: string): CostLine[] {
  const lines: CostLine[] = [];
  let sum = 0n;
  for (const [kind, tokens, perMillion] of rowsOf(price, usage)) {
    const perToken = perMillion === null ? null : parseDecimal(perMillion, MICRO_DIGITS);
    if (perMillion === null || perToken === null) return [];
    const part = perToken * BigInt(tokens);
    sum += part;
    lines.push({ kind, tokens, perMillion, cost: formatPico(part) });
  }
  return sum === parseDecimal(cost, PICO_DIGITS) ? lines : [];
}
