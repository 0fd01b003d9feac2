// SPDX-License-Identifier: MIT
//
// Writes FILE.gz beside each text file of a built folder, for nginx's
// gzip_static. Called by `npm run build`. Fonts are compressed already.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TEXT = new Set(['.html', '.js', '.css', '.svg', '.json']);

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node tools/precompress.mjs FOLDER');
  process.exit(2);
}

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
  const file = join(entry.parentPath, entry.name);
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
}
