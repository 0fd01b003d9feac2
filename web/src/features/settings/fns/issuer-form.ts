// SPDX-License-Identifier: MIT
//
// Between the form of a token issuer and the API.

import type { Issuer, IssuerCreate } from '@/api/types';

/** A key that is there already, or one that is pasted now. */
export type KeyFields =
  | { id: number; label: string }
  | { kid: string; kind: 'pem' | 'secret'; text: string };

export interface IssuerFields {
  name: string;
  issuer: string;
  audiences: string[];
  skew_s: number | '';
  claim: string;
  clients: { value: string; client_key_id: string }[];
  keys: KeyFields[];
  jwks_url: string;
}

const SKEW_S = 30;

export function issuerFields(issuer: Issuer | null): IssuerFields {
  return {
    name: issuer?.name ?? '',
    issuer: issuer?.issuer ?? '',
    audiences: issuer?.audiences ?? [],
    skew_s: issuer?.skew_s ?? SKEW_S,
    claim: issuer?.claim ?? 'sub',
    clients: (issuer?.clients ?? []).map((row) => ({ ...row, client_key_id: String(row.client_key_id) })),
    keys: (issuer?.keys ?? [])
      .filter((key) => !key.is_fetched)
      .map((key) => ({ id: key.id, label: [key.algorithm, key.kid].filter(Boolean).join(' · ') })),
    jwks_url: issuer?.jwks_url ?? '',
  };
}

export function issuerBody(fields: IssuerFields): IssuerCreate {
  return {
    name: fields.name.trim(),
    issuer: fields.issuer.trim(),
    audiences: fields.audiences,
    skew_s: Number(fields.skew_s),
    claim: fields.claim.trim(),
    clients: fields.clients.map((row) => ({ ...row, client_key_id: Number(row.client_key_id) })),
    keys: fields.keys.map((key) =>
      'id' in key ? { id: key.id } : { kid: key.kid.trim() || null, [key.kind]: key.text.trim() },
    ),
    jwks_url: fields.jwks_url.trim() || null,
  };
}
