// SPDX-License-Identifier: MIT
//
// Signing in and out, and the password.

import { request } from './request';
import { setSession, setUser } from './session';
import type { Login, PasswordChange, Session, User } from './types';

export async function signIn(login: Login): Promise<void> {
  setSession(await request<Session>('POST', '/api/auth/login', { body: login, anonymous: true }));
}

/** Ends the session here even when the daemon cannot be told. */
export async function signOut(): Promise<void> {
  try {
    await request<undefined>('POST', '/api/auth/logout');
  } finally {
    setSession(null);
  }
}

export async function changePassword(change: PasswordChange): Promise<void> {
  await request<undefined>('POST', '/api/auth/password', { body: change });
  setUser(await request<User>('GET', '/api/auth/me'));
}
