// SPDX-License-Identifier: MIT
//
// Between the form of a client key and the API.

import type { ClientKey, ClientKeyCreate, ClientKeyPatch } from '@/api/types';
import { changedFields } from '@/lib/changes';

export interface ClientKeyFields {
  name: string;
  provider_key_ids: number[];
  strategy: ClientKey['strategy'];
  requests_per_minute: number | '';
  retry_after_timeout: boolean;
  expires_at: string | null;
}

export function newClientKey(): ClientKeyFields {
  return {
    name: '',
    provider_key_ids: [],
    strategy: 'round_robin',
    requests_per_minute: '',
    retry_after_timeout: true,
    expires_at: null,
  };
}

export function clientKeyFields(key: ClientKey): ClientKeyFields {
  return {
    name: key.name,
    provider_key_ids: key.provider_key_ids,
    strategy: key.strategy,
    requests_per_minute: key.requests_per_minute ?? '',
    retry_after_timeout: key.retry_after_timeout,
    expires_at: key.expires_at,
  };
}

export function clientKeyBody(fields: ClientKeyFields): ClientKeyCreate {
  return {
    ...fields,
    name: fields.name.trim(),
    requests_per_minute: fields.requests_per_minute === '' ? null : fields.requests_per_minute,
  };
}

export function clientKeyPatch(before: ClientKeyFields, after: ClientKeyFields): ClientKeyPatch {
  return changedFields(clientKeyBody(before), clientKeyBody(after));
}
