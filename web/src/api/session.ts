// SPDX-License-Identifier: MIT
//
// Who is signed in. The access token lives in this module's memory and nowhere
// else; what survives a reload is the refresh cookie, which no script can read.
// request.ts writes here; the shell subscribes and leaves when it ends.

import { readStored, writeStored } from '@/lib/storage';
import type { Session, User } from './types';

type Listener = () => void;

let session: Session | null = null;
const listeners = new Set<Listener>();

export function currentToken(): string | null {
  return session?.access_token ?? null;
}

export function currentUser(): User | null {
  return session?.user ?? null;
}

export function setSession(next: Session | null): void {
  session = next;
  writeStored('signed-in', next === null ? null : '1');
  announce();
}

export function setUser(user: User): void {
  if (session === null) return;
  session = { ...session, user };
  announce();
}

/**
 * Whether this browser had a session when it last looked. Without this hint the
 * sign-in page would ask for a refresh that can only fail.
 */
export function hadSession(): boolean {
  return readStored('signed-in') === '1';
}

export function subscribeSession(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function announce(): void {
  for (const listener of listeners) listener();
}
