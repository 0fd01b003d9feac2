// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { differences } from './diff';

test('only what changed is listed, by its path', () => {
  const before = { name: 'a', limits: { rpm: 60, day: null }, pool: [1, 2], updated_at: 'x' };
  const after = { name: 'a', limits: { rpm: 90, day: null }, pool: [1], updated_at: 'y' };
  expect(differences(before, after)).toEqual([
    { path: 'limits.rpm', before: '60', after: '90' },
    { path: 'pool', before: '[1,2]', after: '[1]' },
  ]);
});

test('what is created has no before, what is deleted no after', () => {
  expect(differences(null, { name: 'a' })).toEqual([{ path: 'name', before: null, after: '"a"' }]);
  expect(differences({ name: 'a' }, null)).toEqual([{ path: 'name', before: '"a"', after: null }]);
});
