// SPDX-License-Identifier: MIT
//
// Which row of a list is open, as it stands in the address.

export interface OpenSearch {
  open?: number;
}

export function readId(value: unknown): number | undefined {
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export function readOpen(search: Record<string, unknown>): OpenSearch {
  const open = readId(search['open']);
  return open === undefined ? {} : { open };
}
