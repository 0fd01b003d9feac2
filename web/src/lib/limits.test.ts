// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { countLimits, fillOf, fullest, isBudget, LIMIT_FIELDS, limitsBody, limitValues } from './limits';

test('what is empty is no limit, and 0 is one', () => {
  const none = limitsBody(limitValues({}));
  expect(new Set(Object.values(none))).toEqual(new Set([null]));
  expect(countLimits(none)).toBe(0);
  const some = { ...none, requests_per_minute: 0, cost_per_month: '12.5', time_zone: 'Asia/Kathmandu' };
  expect(limitsBody(limitValues(some))).toEqual(some);
  expect(countLimits(some)).toBe(2);
});

test('a budget is a decimal as the API takes it', () => {
  expect(['', '0', '12.5', ' 3 ', '0.000000000001'].every(isBudget)).toBe(true);
  expect(['-1', '1e3', '1,5', '.5', '0.0000000000001', '$3'].some(isBudget)).toBe(false);
});

test('a fault of any limit is in the fold of the limits, others are not', () => {
  for (const name of Object.keys(limitValues({}))) expect(name).toMatch(LIMIT_FIELDS);
  for (const name of ['retry_percent', 'max_attempts', 'name']) expect(name).not.toMatch(LIMIT_FIELDS);
});

test('the fullest limit stands for all', () => {
  expect(fullest([{ used_percent: 3 }, { used_percent: 120 }, { used_percent: 80 }])?.used_percent).toBe(120);
  expect(fullest([])).toBeUndefined();
  expect([79, 80, 99, 100, 250].map(fillOf)).toEqual(['ok', 'near', 'near', 'full', 'full']);
});
