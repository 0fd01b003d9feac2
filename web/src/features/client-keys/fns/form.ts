// SPDX-License-Identifier: MIT
//
// Between the form of a client key and the API.

import type { ClientKey, ClientKeyCreate, ClientKeyPatch, PayloadLog, Sticky } from '@/api/types';
import { changedFields } from '@/lib/changes';
import { limitsBody, type LimitValues, limitValues } from '@/lib/limits';

/** Numbers that may be absent: then the gateway's default holds. */
export const BUDGET = ['max_attempts', 'attempts_within_ms', 'retry_percent', 'park_ms'] as const;
export const DRAIN = ['drain_ms', 'drain_bytes'] as const;

type NumberName = (typeof BUDGET)[number] | (typeof DRAIN)[number] | 'local_percent' | 'max_output_tokens';
const NUMBERS: readonly NumberName[] = [...BUDGET, ...DRAIN, 'local_percent', 'max_output_tokens'];

type NumberFields = Record<NumberName, number | ''>;

export interface PayloadFields {
  parts: 'off' | NonNullable<PayloadLog['parts']>;
  max_bytes: number | '';
  hide_defaults: boolean;
  hide_paths: string[];
  hide_patterns: string[];
}

export interface ClientKeyFields extends NumberFields, LimitValues {
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
  when_unknown: ClientKey['when_unknown'];
  ends_at_limit: boolean;
  retry_after_timeout: boolean;
  on_abort: ClientKey['on_abort'];
  payload_log: PayloadFields;
  expires_at: string | null;
}

function numbersOf(key: Partial<Pick<ClientKey, NumberName>>): NumberFields {
  return Object.fromEntries(NUMBERS.map((name) => [name, key[name] ?? ''])) as NumberFields;
}

function payloadFields(log: PayloadLog | null | undefined): PayloadFields {
  return {
    parts: log ? (log.parts ?? 'both') : 'off',
    max_bytes: log?.max_bytes ?? '',
    hide_defaults: log?.hide_defaults ?? true,
    hide_paths: log?.hide_paths ?? [],
    hide_patterns: log?.hide_patterns ?? [],
  };
}

function payloadBody({ parts, max_bytes, ...hide }: PayloadFields): PayloadLog | null {
  return parts === 'off' ? null : { parts, max_bytes: max_bytes === '' ? null : max_bytes, ...hide };
}

export function newClientKey(): ClientKeyFields {
  return {
    ...numbersOf({}),
    ...limitValues({}),
    name: '',
    provider_key_ids: [],
    strategy: 'round_robin',
    sticky: { source: 'user', header: '' },
    allowed_addresses: [],
    allowed_models: [],
    allowed_provider_ids: [],
    user_id: '',
    when_unknown: 'closed',
    ends_at_limit: false,
    retry_after_timeout: true,
    on_abort: 'cut',
    payload_log: payloadFields(null),
    expires_at: null,
  };
}

export function clientKeyFields(key: ClientKey): ClientKeyFields {
  return {
    ...numbersOf(key),
    ...limitValues(key),
    name: key.name,
    provider_key_ids: key.provider_key_ids,
    strategy: key.strategy,
    sticky: { source: key.sticky?.source ?? 'user', header: key.sticky?.header ?? '' },
    allowed_addresses: key.allowed_addresses ?? [],
    allowed_models: key.allowed_models ?? [],
    allowed_provider_ids: (key.allowed_provider_ids ?? []).map(String),
    user_id: key.user_id?.toString() ?? '',
    when_unknown: key.when_unknown,
    ends_at_limit: key.ends_at_limit,
    retry_after_timeout: key.retry_after_timeout,
    on_abort: key.on_abort,
    payload_log: payloadFields(key.payload_log),
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
    ...limitsBody(fields),
    name: fields.name.trim(),
    provider_key_ids: fields.provider_key_ids,
    strategy: fields.strategy,
    sticky: stickyBody(fields),
    allowed_addresses: orAll(fields.allowed_addresses),
    allowed_models: orAll(fields.allowed_models),
    allowed_provider_ids: orAll(fields.allowed_provider_ids.map(Number)),
    user_id: fields.user_id === '' ? null : Number(fields.user_id),
    when_unknown: fields.when_unknown,
    ends_at_limit: fields.ends_at_limit,
    retry_after_timeout: fields.retry_after_timeout,
    on_abort: fields.on_abort,
    payload_log: payloadBody(fields.payload_log),
    expires_at: fields.expires_at,
  };
}

export function clientKeyPatch(before: ClientKeyFields, after: ClientKeyFields): ClientKeyPatch {
  return changedFields(clientKeyBody(before), clientKeyBody(after));
}
