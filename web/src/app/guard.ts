// SPDX-License-Identifier: MIT
//
// What runs before a page is shown: nobody sees the console without a session,
// and nobody with one sees the sign-in page.

import { redirect } from '@tanstack/react-router';
import { ApiError } from '@/api/error';
import { refreshSession } from '@/api/request';
import { currentToken, hadSession } from '@/api/session';

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

export async function requireSession(href: string): Promise<void> {
  if (await isSignedIn()) return;
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
