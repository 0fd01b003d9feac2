// SPDX-License-Identifier: MIT
//
// Between the form of a provider key and the API.

import type { ProviderKey, ProviderKeyCreate, ProviderKeyPatch } from '@/api/types';
import { changedFields } from '@/lib/changes';

export interface ProviderKeyFields {
  name: string;
  /** As the select has it: a text, empty when nothing is chosen. */
  provider_id: string;
  secret: string;
  weight: number | '';
  expires_at: string | null;
}

export const WEIGHT_MAX = 1000;

export function newProviderKey(provider: number | undefined): ProviderKeyFields {
  return { name: '', provider_id: provider?.toString() ?? '', secret: '', weight: 1, expires_at: null };
}

export function providerKeyFields(key: ProviderKey): ProviderKeyFields {
  return {
    name: key.name,
    provider_id: String(key.provider_id),
    secret: '',
    weight: key.weight,
    expires_at: key.expires_at,
  };
}

export function providerKeyBody(fields: ProviderKeyFields): ProviderKeyCreate {
  return {
    name: fields.name.trim(),
    provider_id: Number(fields.provider_id),
    secret: fields.secret.trim(),
    weight: Number(fields.weight),
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
