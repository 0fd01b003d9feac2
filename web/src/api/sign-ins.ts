// SPDX-License-Identifier: MIT
//
// Sign-ins by which OAuth keys get their tokens. One sees one's own.

import { queryOptions } from '@tanstack/react-query';
import { request } from './request';
import type { SignIn } from './types';

const PATH = '/api/oauth/sign-ins';
const WATCH_MS = 1_000;

export function isOver(state: SignIn['state']): boolean {
  return state === 'done' || state === 'failed';
}

/** Asked again until it is over. */
export function signInQuery(id: string) {
  return queryOptions({
    queryKey: ['sign-ins', id],
    queryFn: ({ signal }) => request<SignIn>('GET', `${PATH}/${id}`, { signal }),
    refetchInterval: ({ state }) =>
      state.error !== null || (state.data !== undefined && isOver(state.data.state)) ? false : WATCH_MS,
    // The page that is signed in at is another one.
    refetchIntervalInBackground: true,
    retry: false,
  });
}

export function startSignIn(provider_key_id: number): Promise<SignIn> {
  return request<SignIn>('POST', PATH, { body: { provider_key_id } });
}

export function giveSignInCode(id: string, code: string): Promise<SignIn> {
  return request<SignIn>('POST', `${PATH}/${id}/code`, { body: { code } });
}

export function cancelSignIn(id: string): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}

/** What the provider sent the browser back with. */
export function returnSignIn(body: { state: string; code?: string; error?: string }): Promise<SignIn> {
  return request<SignIn>('POST', '/api/oauth/callback', { body });
}
