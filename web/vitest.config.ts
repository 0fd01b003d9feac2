// SPDX-License-Identifier: MIT
//
// The tests of the console that need no browser: pure functions, texts,
// types, and the size of the first load. Those in a browser are in ../t/web.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: { include: ['src/**/*.test.ts', 'tools/**/*.test.ts'], environment: 'node' },
});
