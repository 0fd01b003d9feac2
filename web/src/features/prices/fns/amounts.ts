// SPDX-License-Identifier: MIT
//
// Prices and costs as texts: what may be typed, and what is between two.

import type { PriceTerms } from '@/api/types';
import { subtractUsd } from '@/lib/usd';

/** USD per million tokens, as the daemon takes it. */
export function isAmount(text: string): boolean {
  return /^\d{1,9}(\.\d{1,6})?$/.test(text);
}

/** "+0.5", "-0.5", "0": from one cost to the other, to the last place. */
export function difference(before: string, after: string): string {
  const amount = subtractUsd(after, before);
  return amount === '0' || amount.startsWith('-') ? amount : `+${amount}`;
}

export type TermName = Exclude<keyof PriceTerms, 'provider' | 'model' | 'effective_from'>;

export interface TermChange {
  name: TermName;
  before: string | null;
  after: string | null;
}

const NAMES: readonly TermName[] = [
  'input', 'output', 'cache_read', 'cache_write_short', 'cache_write_long',
  'tier_at', 'tier_input', 'tier_output', 'tier_cache_read', 'more',
];

function textOf(terms: PriceTerms | null, name: TermName): string | null {
  return terms?.[name]?.toString() ?? null;
}

/** The terms that differ; without a price before, those that are there. */
export function changedTerms(before: PriceTerms | null, after: PriceTerms): TermChange[] {
  return NAMES
    .map((name) => ({ name, before: textOf(before, name), after: textOf(after, name) }))
    .filter((term) => term.before !== term.after);
}
