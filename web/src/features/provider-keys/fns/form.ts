// SPDX-License-Identifier: MIT
//
// Between the form of a provider key and the API.

import type { ProviderKey, ProviderKeyCreate, ProviderKeyPatch } from '@/api/types';
import { changedFields } from '@/lib/changes';

/** Its own limits; empty: none. */
export const LIMITS = ['requests_per_minute', 'tokens_per_minute', 'requests_per_day', 'max_in_flight'] as const;
export type LimitName = (typeof LIMITS)[number];

export interface ProviderKeyFields extends Record<LimitName, number | ''> {
  name: string;
  /** As the select has it: a text, empty when nothing is chosen. */
  provider_id: string;
  kind: ProviderKey['kind'];
  secret: string;
  /** Of the key's own client; empty: the provider's. */
  oauth_client_id: string;
  /** Whose client keys alone it serves; empty: everybody's. */
  owner_user_id: string;
  weight: number | '';
  priority: number | '';
  expires_at: string | null;
}

export const WEIGHT_MAX = 1000;

export function newProviderKey(provider: number | undefined): ProviderKeyFields {
  return {
    name: '',
    provider_id: provider?.toString() ?? '',
    kind: 'secret',
    secret: '',
    oauth_client_id: '',
    owner_user_id: '',
    weight: 1,
    priority: '',
    requests_per_minute: '',
    tokens_per_minute: '',
    requests_per_day: '',
    max_in_flight: '',
    expires_at: null,
  };
}

export function providerKeyFields(key: ProviderKey): ProviderKeyFields {
  return {
    name: key.name,
    provider_id: String(key.provider_id),
    kind: key.kind,
    secret: '',
    oauth_client_id: key.oauth?.client_id ?? '',
    owner_user_id: key.owner_user_id?.toString() ?? '',
    weight: key.weight,
    priority: key.priority ?? '',
    requests_per_minute: key.requests_per_minute ?? '',
    tokens_per_minute: key.tokens_per_minute ?? '',
    requests_per_day: key.requests_per_day ?? '',
    max_in_flight: key.max_in_flight ?? '',
    expires_at: key.expires_at,
  };
}

function orNone(value: number | ''): number | null {
  return value === '' ? null : value;
}

/** What is empty is not said: a sign-in gives the token. */
function secretBody(fields: ProviderKeyFields): Pick<ProviderKeyCreate, 'secret' | 'oauth_client_id'> {
  const secret = fields.secret.trim();
  return {
    ...(secret !== '' && { secret }),
    ...(fields.kind === 'oauth' && { oauth_client_id: fields.oauth_client_id.trim() || null }),
  };
}

export function providerKeyBody(fields: ProviderKeyFields): ProviderKeyCreate {
  return {
    name: fields.name.trim(),
    provider_id: Number(fields.provider_id),
    kind: fields.kind,
    ...secretBody(fields),
    owner_user_id: fields.owner_user_id === '' ? null : Number(fields.owner_user_id),
    weight: Number(fields.weight),
    priority: orNone(fields.priority),
    requests_per_minute: orNone(fields.requests_per_minute),
    tokens_per_minute: orNone(fields.tokens_per_minute),
    requests_per_day: orNone(fields.requests_per_day),
    max_in_flight: orNone(fields.max_in_flight),
    expires_at: fields.expires_at,
  };
}

/** The changes alone; an empty secret is no change. */
export function providerKeyPatch(before: ProviderKeyFields, after: ProviderKeyFields): ProviderKeyPatch {
  return changedFields(providerKeyBody(before), providerKeyBody(after));
}

export function isWeight(value: number | ''): boolean {
  return value !== '' && Number.isInteger(value) && value >= 1 && value <= WEIGHT_MAX;
}
