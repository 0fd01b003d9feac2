// SPDX-License-Identifier: MIT
//
// The order of a table's rows.

export interface Sorting {
  id: string;
  descending: boolean;
}

/** Up, then down, then as it came. */
export function toggleSorting(now: Sorting | null, id: string): Sorting | null {
  if (now?.id !== id) return { id, descending: false };
  return now.descending ? null : { id, descending: true };
}

export function sortRows<Row>(
  rows: readonly Row[],
  by: (row: Row) => string | number,
  descending: boolean,
): Row[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(by(a), by(b)));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
