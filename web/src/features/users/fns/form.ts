// SPDX-License-Identifier: MIT
//
// Between the form of a user and the API.

import type { User, UserCreate, UserPatch } from '@/api/types';
import { changedFields } from '@/lib/changes';

export const ROLES = ['user', 'viewer', 'operator', 'admin'] as const satisfies User['role'][];

export interface UserFields {
  username: string;
  password: string;
  role: User['role'];
  display_name: string;
  email: string;
}

export function userFields(user: User | null): UserFields {
  return {
    username: user?.username ?? '',
    password: '',
    role: user?.role ?? 'viewer',
    display_name: user?.display_name ?? '',
    email: user?.email ?? '',
  };
}

export function userBody(fields: UserFields): UserCreate {
  return {
    username: fields.username.trim(),
    password: fields.password,
    role: fields.role,
    display_name: fields.display_name.trim() || null,
    email: fields.email.trim() || null,
  };
}

/** The changes alone; an empty password is no change. */
export function userPatch(before: UserFields, after: UserFields): UserPatch {
  return changedFields(userBody(before), userBody(after));
}

export function isUsername(text: string): boolean {
  return /^[a-z0-9][a-z0-9._@-]{0,63}$/.test(text);
}
