// SPDX-License-Identifier: MIT

/** By which share a number differs from what it was; null where there was none. */
export function changeOf(now: number, before: number): number | null {
  return before === 0 ? null : (now - before) / before;
}
