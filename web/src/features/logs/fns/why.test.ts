// SPDX-License-Identifier: MIT

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KNOWN_CODES, knownCode } from './why';

test('every code that a record can have is known', () => {
  const header = readFileSync(new URL('../../../../../core/base/error.h', import.meta.url), 'utf8');
  const [dataPlane = ''] = header.split('/* the management API */');
  const codes = [...dataPlane.matchAll(/X\(k\w+,\s*"([\w.]+)"/g)].map(([, code = '']) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect([...KNOWN_CODES].toSorted()).toEqual(codes.filter((code) => code !== 'none').toSorted());
});

test('a code from the future is not explained', () => {
  expect(knownCode('limit.tokens_per_century')).toBeNull();
  expect(knownCode(null)).toBeNull();
});
