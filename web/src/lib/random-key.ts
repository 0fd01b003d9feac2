// SPDX-License-Identifier: MIT
//
// A text that names one wish, for requests that must not be carried out twice.
// crypto.randomUUID is not there on plain HTTP, getRandomValues is.

const BYTES = 16;

export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
