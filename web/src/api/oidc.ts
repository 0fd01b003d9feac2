// SPDX-License-Identifier: MIT
//
// Signing in to the console at an OpenID provider, and its settings.

import { queryOptions } from '@tanstack/react-query';
import { request } from './request';
import { setSession } from './session';
import type { Identity, Oidc, OidcBegun, OidcReturn, OidcSettings, OidcSettingsPatch, Page, Session } from './types';

const PATH = '/api/auth/oidc';
const SETTINGS = '/api/settings/oidc';
const BETWEEN_MS = 200;

export const oidcQuery = queryOptions({
  queryKey: ['oidc'],
  queryFn: ({ signal }) => request<Oidc>('GET', PATH, { signal, anonymous: true }),
});

/** The address that the browser opens next. */
export async function startOidc(): Promise<string> {
  return (await request<OidcBegun>('POST', `${PATH}/start`, { anonymous: true })).authorize_url;
}

export async function startOidcLink(): Promise<string> {
  return (await request<OidcBegun>('POST', `${PATH}/link`)).authorize_url;
}

/** Hands in what the browser came back with, until it is known what it came to. */
export async function returnOidc(body: OidcReturn): Promise<void> {
  setSession(await untilKnown(() =>
    request<Session | { state: 'exchanging' }>('POST', `${PATH}/return`, { body, anonymous: true })));
}

export async function returnOidcLink(body: OidcReturn): Promise<void> {
  await untilKnown(() => request<undefined | { state: 'exchanging' }>('POST', `${PATH}/link/return`, { body }));
}

/** Whose accounts elsewhere: one's own, or of the user with this id. */
export type IdentitiesOf = 'me' | number;

function identitiesPath(of: IdentitiesOf): string {
  return of === 'me' ? `${PATH}/link` : `/api/users/${of}/identities`;
}

export function identitiesQuery(of: IdentitiesOf) {
  return queryOptions({
    queryKey: ['identities', of],
    queryFn: async ({ signal }) => (await request<Page<Identity>>('GET', identitiesPath(of), { signal })).items,
  });
}

/** They sign nobody in any more. */
export function unlinkIdentities(of: IdentitiesOf): Promise<undefined> {
  return request<undefined>('DELETE', identitiesPath(of));
}

async function untilKnown<T>(ask: () => Promise<T | { state: 'exchanging' }>): Promise<T> {
  const reply = await ask();
  if (!isExchanging(reply)) return reply;
  await new Promise((go) => setTimeout(go, BETWEEN_MS));
  return untilKnown(ask);
}

function isExchanging(reply: unknown): reply is { state: 'exchanging' } {
  return typeof reply === 'object' && reply !== null && 'state' in reply && reply.state === 'exchanging';
}

export const oidcSettingsQuery = queryOptions({
  queryKey: ['oidc-settings'],
  queryFn: ({ signal }) => request<OidcSettings>('GET', SETTINGS, { signal }),
});

export function updateOidcSettings(body: OidcSettingsPatch): Promise<OidcSettings> {
  return request<OidcSettings>('PATCH', SETTINGS, { body });
}
