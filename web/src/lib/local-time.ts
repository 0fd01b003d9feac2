// SPDX-License-Identifier: MIT
//
// Between the API's UTC times and the browser's date fields, which speak of
// the local zone and do not name it.

const DAY_MS = 86_400_000;

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** "2026-11-24T08:00:00.000Z" to "2026-11-24T16:00" in Shanghai. */
export function toLocalInput(utc: string): string {
  const at = new Date(utc);
  if (Number.isNaN(at.getTime())) return '';
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The way back; an empty or unfinished field is null. */
export function fromLocalInput(local: string): string | null {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export function inDays(days: number, now = Date.now()): string {
  return new Date(now + days * DAY_MS).toISOString();
}
