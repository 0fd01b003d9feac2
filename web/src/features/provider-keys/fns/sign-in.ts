// SPDX-License-Identifier: MIT
//
// What a provider's OAuth data means for its keys.

import type { Provider, SignIn } from '@/api/types';

export type Grant = NonNullable<Provider['oauth']>['grant'];

export function needsSignIn(grant: Grant | undefined): boolean {
  return grant === 'authorization_code' || grant === 'device_code';
}

/** Whether the provider sends the browser back to this console by itself. */
export function comesBack(signIn: Pick<SignIn, 'redirect_uri'>, origin: string): boolean {
  return signIn.redirect_uri === `${origin}/oauth/callback`;
}

export interface Returned {
  state: string;
  code?: string;
  error?: string;
}

/** The query of the address that the browser came back to; null: it is none. */
export function readReturned(search: string): Returned | null {
  const query = new URLSearchParams(search);
  const state = query.get('state') ?? '';
  const code = query.get('code') ?? '';
  const error = query.get('error') ?? '';
  if (state === '' || (code === '' && error === '')) return null;
  return { state, ...(code !== '' && { code }), ...(error !== '' && { error }) };
}
