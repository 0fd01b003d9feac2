// SPDX-License-Identifier: MIT

/** The reader's zone, by its IANA name. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
