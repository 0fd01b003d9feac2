// SPDX-License-Identifier: MIT
//
// A list that grows at its head: what the tail brought goes in where it
// belongs, newest first.

interface Row {
  id: number;
  started_at: string;
}

function newestFirst(a: Row, b: Row): number {
  if (a.started_at !== b.started_at) return a.started_at < b.started_at ? 1 : -1;
  return b.id - a.id;
}

/**
 * The newest page with what was stored since. A row that is there already is
 * not doubled, for list and tail overlap; one that belongs to an older page
 * (`hasOlder`) is left to it.
 */
export function withTail<Item extends Row>(rows: Item[], stored: readonly Item[], hasOlder: boolean): Item[] {
  const known = new Set(rows.map((row) => row.id));
  const last = rows.at(-1);
  const fresh = stored.filter((row) =>
    !known.has(row.id) && !(hasOlder && last !== undefined && newestFirst(row, last) > 0));
  return fresh.length === 0 ? rows : [...rows, ...fresh].toSorted(newestFirst);
}
