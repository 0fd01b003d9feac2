// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import type { PriceTerms } from '@/api/types';
import { changedTerms, difference, isAmount } from './amounts';

test('an amount has at most six decimals and no sign', () => {
  expect(['0', '2.5', '0.000001', '15'].every(isAmount)).toBe(true);
  expect(['', '-1', '1e3', '1.', '.5', '0.0000001', '1,5'].some(isAmount)).toBe(false);
});

test('a difference is exact beyond a double', () => {
  expect(difference('9007199.254740993', '9007199.254740994')).toBe('+0.000000001');
  expect(difference('1', '0.25')).toBe('-0.75');
  expect(difference('3', '3')).toBe('0');
});

const terms = (values: Partial<PriceTerms>) => ({ provider: 'p', model: 'm', ...values }) as PriceTerms;

test('of two versions what differs is told', () => {
  expect(changedTerms(terms({ input: '1', output: '2' }), terms({ input: '1', output: '3', tier_at: 200_000 }))).toEqual([
    { name: 'output', before: '2', after: '3' },
    { name: 'tier_at', before: null, after: '200000' },
  ]);
  expect(changedTerms(null, terms({ input: '1' }))).toEqual([{ name: 'input', before: null, after: '1' }]);
});
