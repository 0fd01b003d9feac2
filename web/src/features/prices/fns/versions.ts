// SPDX-License-Identifier: MIT
//
// The versions of a price: which one holds now, which ones were and will be.

import type { Price } from '@/api/types';

export type PriceState = 'current' | 'past' | 'future';

export interface PriceVersion extends Price {
  state: PriceState;
}

function startOf(price: Price): number {
  return price.effective_from === null ? -Infinity : Date.parse(price.effective_from);
}

function keyOf(price: Price): string {
  return `${price.provider}\n${price.model}`;
}

/** Each price with its state; by list, model, and the newest version first. */
export function priceVersions(prices: readonly Price[], now = Date.now()): PriceVersion[] {
  const inForce = new Map<string, Price>();
  for (const price of prices) {
    const known = inForce.get(keyOf(price));
    if (startOf(price) > now || (known !== undefined && startOf(known) > startOf(price))) continue;
    inForce.set(keyOf(price), price);
  }
  return prices
    .map((price) => ({ ...price, state: stateOf(price, inForce.get(keyOf(price)), now) }))
    .toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)) || startOf(b) - startOf(a));
}

function stateOf(price: Price, current: Price | undefined, now: number): PriceState {
  if (price === current) return 'current';
  return startOf(price) > now ? 'future' : 'past';
}
