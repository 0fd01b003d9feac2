// SPDX-License-Identifier: MIT

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate } from './api-types.mjs';

test('schema.d.ts is what openapi.json says', { timeout: 30_000 }, async () => {
  const committed = readFileSync(new URL('../src/api/schema.d.ts', import.meta.url), 'utf8');
  expect(committed, 'run `npm run api`').toBe(await generate());
});
