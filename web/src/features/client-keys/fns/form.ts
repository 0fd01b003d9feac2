// SPDX-License-Identifier: MIT
//
// Between the form of a client key and the API.

import type { ClientKey, ClientKeyCreate, ClientKeyPatch, Sticky } from '@/api/types';
import { changedFields } from '@/lib/changes';

/** Numbers that may be absent: no limit, or the gateway's default. */
export const LIMITS = ['requests_per_minute'] as const;
export const BUDGET = ['max_attempts', 'attempts_within_ms', 'retry_percent', 'park_ms'] as const;
export const DRAIN = ['drain_ms', 'drain_bytes'] as const;

type NumberName = (typeof LIMITS)[number] | (typeof BUDGET)[number] | (typeof DRAIN)[number];
const NUMBERS: readonly NumberName[] = [...LIMITS, ...BUDGET, ...DRAIN];

type NumberFields = Record<NumberName, number | ''>;

export interface ClientKeyFields extends NumberFields {
  name: string;
  provider_key_ids: number[];
  strategy: ClientKey['strategy'];
  sticky: { source: Sticky['source']; header: string };
  allowed_addresses: string[];
  allowed_models: string[];
  /** As the select has them: texts. */
  allowed_provider_ids: string[];
  /** Whose key it is; empty: nobody's. */
  user_id: string;
  retry_after_timeout: boolean;
  on_abort: ClientKey['on_abort'];
  expires_at: string | null;
}

function numbersOf(key: Partial<Pick<ClientKey, NumberName>>): NumberFields {
  return Object.fromEntries(NUMBERS.map((name) => [name, key[name] ?? ''])) as NumberFields;
}

export function newClientKey(): ClientKeyFields {
  return {
    ...numbersOf({}),
    name: '',
    provider_key_ids: [],
    strategy: 'round_robin',
    sticky: { source: 'user', header: '' },
    allowed_addresses: [],
    allowed_models: [],
    allowed_provider_ids: [],
    user_id: '',
    retry_after_timeout: true,
    on_abort: 'cut',
    expires_at: null,
  };
}

export function clientKeyFields(key: ClientKey): ClientKeyFields {
  return {
    ...numbersOf(key),
    name: key.name,
    provider_key_ids: key.provider_key_ids,
    strategy: key.strategy,
    sticky: { source: key.sticky?.source ?? 'user', header: key.sticky?.header ?? '' },
    allowed_addresses: key.allowed_addresses ?? [],
    allowed_models: key.allowed_models ?? [],
    allowed_provider_ids: (key.allowed_provider_ids ?? []).map(String),
    user_id: key.user_id?.toString() ?? '',
    retry_after_timeout: key.retry_after_timeout,
    on_abort: key.on_abort,
    expires_at: key.expires_at,
  };
}

function stickyBody({ strategy, sticky }: ClientKeyFields): Sticky | null {
  if (strategy !== 'sticky') return null;
  return { source: sticky.source, header: sticky.source === 'header' ? sticky.header.trim() : null };
}

/** An empty list of what is allowed means: everything. */
function orAll<Item>(items: Item[]): Item[] | null {
  return items.length === 0 ? null : items;
}

export function clientKeyBody(fields: ClientKeyFields): ClientKeyCreate {
  const numbers = Object.fromEntries(
    NUMBERS.map((name) => [name, fields[name] === '' ? null : fields[name]]),
  ) as Record<NumberName, number | null>;
  return {
    ...numbers,
    name: fields.name.trim(),
    provider_key_ids: fields.provider_key_ids,
    strategy: fields.strategy,
    sticky: stickyBody(fields),
    allowed_addresses: orAll(fields.allowed_addresses),
    allowed_models: orAll(fields.allowed_models),
    allowed_provider_ids: orAll(fields.allowed_provider_ids.map(Number)),
    user_id: fields.user_id === '' ? null : Number(fields.user_id),
    retry_after_timeout: fields.retry_after_timeout,
    on_abort: fields.on_abort,
    expires_at: fields.expires_at,
  };
}

export function clientKeyPatch(before: ClientKeyFields, after: ClientKeyFields): ClientKeyPatch {
  return changedFields(clientKeyBody(before), clientKeyBody(after));
}
