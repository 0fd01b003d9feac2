// SPDX-License-Identifier: MIT
//
// The few choices a browser remembers: language, colour scheme, the gateway's
// address. Never a token. A browser that blocks storage loses them, no more.

const PREFIX = 'aiproxy.';

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeStored(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage is blocked or full: the choice holds until the page is left.
  }
}
