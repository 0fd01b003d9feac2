// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { changeOf } from './change';
import { readDashboardSearch } from './search';

test('an address that makes no sense is the plain dashboard', () => {
  expect(readDashboardSearch({ days: '30', by: 'user', order: 'tokens' })).toEqual({ days: 30, by: 'user', order: 'tokens' });
  expect(readDashboardSearch({ days: '31', by: 'moon', order: 7 })).toEqual({});
});

test('from nothing there is no change in per cent', () => {
  expect(changeOf(150, 100)).toBe(0.5);
  expect(changeOf(0, 100)).toBe(-1);
  expect(changeOf(5, 0)).toBeNull();
});
