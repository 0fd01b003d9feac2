// SPDX-License-Identifier: MIT
//
// The gateway's own refusals and failures, by code. Each has a sentence that
// says why, and what to do; a code that is newer than this console has none.

export const KNOWN_CODES = [
  'auth.missing_key', 'auth.unknown_key', 'auth.disabled_key', 'auth.expired_key', 'auth.no_provider',
  'auth.unknown_restriction', 'auth.address_not_allowed', 'auth.model_not_allowed', 'auth.provider_not_allowed',
  'auth.disabled_user', 'auth.mode_off', 'auth.token_invalid', 'auth.token_expired', 'auth.token_revoked',
  'auth.token_unmapped', 'auth.keys_stale', 'request.malformed_json', 'request.missing_model', 'request.duplicate_field',
  'request.too_large', 'request.bad', 'limit.requests_per_minute', 'limit.requests_per_second',
  'limit.requests_per_day', 'limit.tokens_per_minute', 'limit.tokens_per_day', 'limit.cost_per_day',
  'limit.cost_per_month', 'limit.in_flight', 'limit.unpriced', 'limit.unknown', 'pool.no_key', 'pool.resting', 'pool.keys_refused',
  'upstream.connect', 'upstream.invalid_answer', 'upstream.closed', 'upstream.timeout', 'upstream.error_event', 'config.no_snapshot', 'config.stale',
  'state.busy', 'state.no_column', 'ledger.full', 'internal',
] as const;

export type KnownCode = (typeof KNOWN_CODES)[number];

export function knownCode(code: string | null): KnownCode | null {
  return KNOWN_CODES.find((known) => known === code) ?? null;
}
