// SPDX-License-Identifier: MIT
//
// Reads a list page by page to its end. For configured objects, of which there
// are few; records are paged by the person who looks at them.

import { request } from './request';
import type { Page } from './types';

const PAGE_SIZE = 200;

export async function requestAll<Item>(path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    // Each page's cursor comes with the page before it.
    // oxlint-disable-next-line no-await-in-loop
    const page: Page<Item> = await request<Page<Item>>('GET', path, {
      query: { limit: PAGE_SIZE, cursor },
      signal,
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}
