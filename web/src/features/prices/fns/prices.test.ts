// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import type { Price } from '@/api/types';
import { priceVersions } from './versions';

const price = (id: number, model: string, effective_from: string | null) => ({ id, provider: 'p', model, effective_from }) as Price;

test('of the versions of a model the last that has begun holds', () => {
  const now = Date.parse('2026-06-01T00:00:00Z');
  const states = priceVersions([
    price(1, 'a', null),
    price(2, 'a', '2026-01-01T00:00:00.000Z'),
    price(3, 'a', '2026-12-01T00:00:00.000Z'),
    price(4, 'b', '2026-12-01T00:00:00.000Z'),
  ], now).map(({ id, state }) => [id, state]);
  expect(states).toEqual([[3, 'future'], [2, 'current'], [1, 'past'], [4, 'future']]);
});
