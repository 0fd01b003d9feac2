// SPDX-License-Identifier: MIT
//
// Writes src/api/schema.d.ts, the types of the management API, from the
// daemon's openapi.json. Run as `npm run api` after the API has changed; a
// test calls generate() and fails when the committed file is behind.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const SOURCE = new URL('../../admin_daemon/openapi.json', import.meta.url);
const TARGET = new URL('../src/api/schema.d.ts', import.meta.url);
const HEAD = `// SPDX-License-Identifier: MIT
//
// Made by \`npm run api\` from admin_daemon/openapi.json. Do not edit.

`;

export async function generate() {
  const document = JSON.parse(readFileSync(SOURCE, 'utf8'));
  const types = await openapiTS(document, { defaultNonNullable: false });
  return HEAD + astToString(types);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TARGET, await generate());
}
