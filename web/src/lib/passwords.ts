// SPDX-License-Identifier: MIT
//
// What a new password must be. The daemon has the last word; this saves a way.

export const PASSWORD_MIN = 12;

export type PasswordFault = 'short' | 'same' | 'different';

export function newPasswordFault(current: string, next: string): PasswordFault | null {
  if ([...next].length < PASSWORD_MIN) return 'short';
  return next === current ? 'same' : null;
}

export function repeatedFault(next: string, repeated: string): PasswordFault | null {
  return next === repeated ? null : 'different';
}
