// SPDX-License-Identifier: MIT
//
// What a browser loads to show the sign-in page, and then the dashboard, stays
// small. Reads the built console: run `npm run build` first.

import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

const DIST = new URL('../dist/', import.meta.url);
const LIMIT = 250 * 1024;
const DASHBOARD_LIMIT = 380 * 1024;
// What the sign-in page needs beyond the entry: itself and one language.
const ROOTS = ['index.html', 'src/features/sign-in/page.tsx', 'src/locales/zh-CN/index.ts'];

// What is loaded when the dashboard is the first page that is opened.
const DASHBOARD = [
  'index.html', 'src/locales/zh-CN/index.ts', 'src/app/shell/shell.tsx',
  'src/features/dashboard/page.tsx', 'src/features/dashboard/components/trend-bars.tsx',
];

interface Chunk {
  file: string;
  imports?: string[];
}

function read(path: string): Buffer {
  return readFileSync(new URL(path, DIST));
}

function scriptsOf(roots: string[]): Set<string> {
  const manifest: Record<string, Chunk> = JSON.parse(read('.vite/manifest.json').toString());
  const files = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`${name} is not in the manifest`);
    if (files.has(chunk.file)) continue;
    files.add(chunk.file);
    waiting.push(...(chunk.imports ?? []));
  }
  return files;
}

function sizeOf(roots: string[]): number {
  return [...scriptsOf(roots)].reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
}

describe('the built console', () => {
  test('loads at most 250 KB of script for the sign-in page', () => {
    const total = sizeOf(ROOTS);
    expect(total).toBeGreaterThan(50 * 1024);
    expect(total).toBeLessThanOrEqual(LIMIT);
  });

  test('loads at most 380 KB of script for the dashboard, charts included', () => {
    const total = sizeOf(DASHBOARD);
    expect(total).toBeGreaterThan(sizeOf(ROOTS));
    expect(total).toBeLessThanOrEqual(DASHBOARD_LIMIT);
  });

  test('has a compressed file beside each script and style', () => {
    for (const file of scriptsOf(ROOTS)) expect(existsSync(new URL(`${file}.gz`, DIST)), file).toBe(true);
  });

  test('has no script inside its page', () => {
    const page = read('index.html').toString();
    for (const [tag, inner] of page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) {
      expect(inner, tag).toBe('');
    }
    expect(page).not.toMatch(/\son\w+=|https?:\/\//);
  });
});
