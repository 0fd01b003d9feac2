// SPDX-License-Identifier: MIT
//
// What runs before a page is shown: nobody sees the console without a session,
// nobody with one sees the sign-in page, and who has a password that somebody
// else knows sees the form to change it, for the daemon does nothing else.

import { redirect } from '@tanstack/react-router';
import { ApiError } from '@/api/error';
import { refreshSession } from '@/api/request';
import { currentToken, currentUser, hadSession } from '@/api/session';

async function isSignedIn(): Promise<boolean> {
  if (currentToken() !== null) return true;
  if (!hadSession()) return false;
  try {
    await refreshSession();
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}

export async function requireSession(href: string, pathname: string): Promise<void> {
  if (await isSignedIn()) {
    if (!currentUser()?.must_change_password || pathname === '/profile') return;
    throw redirect({ to: '/profile', hash: 'password' });
  }
  throw redirect({ to: '/sign-in', search: href === '/' ? {} : { next: href } });
}

export async function requireNoSession(next: string | undefined): Promise<void> {
  let signedIn = false;
  try {
    signedIn = await isSignedIn();
  } catch {
    // The daemon is not reached: the form says so when it is sent.
  }
  if (signedIn) throw redirect({ href: next ?? '/' });
}
