// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { rightsOf } from './rights';

const user = (role: string) => ({ id: 7, role });

test('each role has the rights of those below it', () => {
  const table = (['user', 'viewer', 'operator', 'admin'] as const).map((role) => {
    const { sees, operates, administers } = rightsOf(user(role));
    return [sees, operates, administers];
  });
  expect(table).toEqual([
    [false, false, false], [true, false, false], [true, true, false], [true, true, true],
  ]);
  expect(rightsOf(null).sees).toBe(false);
});

test('what is one’s own may be changed by everybody', () => {
  expect(rightsOf(user('user')).mayChange(7)).toBe(true);
  expect(rightsOf(user('viewer')).mayChange(8)).toBe(false);
  expect(rightsOf(user('viewer')).mayChange(null)).toBe(false);
  expect(rightsOf(user('operator')).mayChange(null)).toBe(true);
});
