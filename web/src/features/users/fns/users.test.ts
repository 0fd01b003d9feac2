// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { isUsername, userFields, userPatch } from './form';

test('an empty password keeps the present one; an empty name is cleared', () => {
  const before = { ...userFields(null), username: 'ada', display_name: 'Ada' };
  expect(userPatch(before, { ...before, display_name: ' ' })).toEqual({ display_name: null });
  expect(userPatch(before, { ...before, password: 'twelve letters' })).toEqual({ password: 'twelve letters' });
});

test('user names are what the daemon takes', () => {
  for (const name of ['ada', 'a.b@c-d_e']) expect(isUsername(name), name).toBe(true);
  for (const name of ['', 'Ada', '.ada', 'a b', 'a'.repeat(65)]) expect(isUsername(name), name).toBe(false);
});
