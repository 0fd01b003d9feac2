// SPDX-License-Identifier: MIT

/** A path of this console to return to after sign-in, or nothing. */
export function safeNext(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return undefined;
  return value;
}
