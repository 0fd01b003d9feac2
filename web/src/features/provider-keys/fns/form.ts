// SPDX-License-Identifier: MIT
//
// Between the form of a provider key and the API.

import type { ProviderKey, ProviderKeyCreate, ProviderKeyPatch } from '@/api/types';
import { changedFields } from '@/lib/changes';
import { limitsBody, type LimitValues, limitValues } from '@/lib/limits';

export interface ProviderKeyFields extends LimitValues {
  name: string;
  /** As the select has it: a text, empty when nothing is chosen. */
  provider_id: string;
  kind: ProviderKey['kind'];
  secret: string;
  /** Where the secret is kept, in its place; empty: here. */
  secret_reference: string;
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
    secret_reference: '',
    oauth_client_id: '',
    owner_user_id: '',
    weight: 1,
    priority: '',
    ...limitValues({}),
    expires_at: null,
  };
}

export function providerKeyFields(key: ProviderKey): ProviderKeyFields {
  return {
    name: key.name,
    provider_id: String(key.provider_id),
    kind: key.kind,
    secret: '',
    secret_reference: key.secret_reference ?? '',
    oauth_client_id: key.oauth?.client_id ?? '',
    owner_user_id: key.owner_user_id?.toString() ?? '',
    weight: key.weight,
    priority: key.priority ?? '',
    ...limitValues(key),
    expires_at: key.expires_at,
  };
}

/** What is empty is not said: a sign-in gives the token. */
function secretBody(
  fields: ProviderKeyFields,
): Pick<ProviderKeyCreate, 'secret' | 'secret_reference' | 'oauth_client_id'> {
  const secret = fields.secret.trim();
  const reference = fields.secret_reference.trim();
  if (fields.kind === 'secret' && reference !== '') return { secret_reference: reference };
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
    priority: fields.priority === '' ? null : fields.priority,
    ...limitsBody(fields),
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
