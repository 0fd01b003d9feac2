// SPDX-License-Identifier: MIT
//
// Why a request did not succeed, in one word: the words that have a text. New
// ones may come, and are shown as they are.

export const ERROR_CLASSES = [
  'auth', 'request', 'limit', 'pool', 'upstream', 'config', 'state', 'ledger', 'internal',
  'credential', 'rate_limited', 'unavailable', 'unreachable', 'timeout', 'invalid_answer', 'quota', 'busy', 'model',
  'refused', 'aborted', 'other',
] as const;

export type ErrorClass = (typeof ERROR_CLASSES)[number];

export function knownErrorClass(word: string): ErrorClass | undefined {
  return ERROR_CLASSES.find((known) => known === word);
}
