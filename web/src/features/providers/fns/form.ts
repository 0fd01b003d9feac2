// SPDX-License-Identifier: MIT
//
// Between the form of a provider and the API.

import type { Credential, Dialect, Header, Provider, ProviderCreate } from '@/api/types';

/** All of them; the compiler sees to it. The first three serve most vendors. */
const KNOWN: Record<Dialect, true> = {
  openai_chat: true,
  anthropic_messages: true,
  gemini_content: true,
  openai_responses: true,
  openai_completions: true,
  openai_embeddings: true,
  openai_images: true,
  openai_audio: true,
  openai_moderations: true,
  openai_batches: true,
  openai_realtime: true,
  anthropic_count_tokens: true,
  anthropic_batches: true,
  gemini_count_tokens: true,
  gemini_embeddings: true,
  gemini_interactions: true,
  gemini_live: true,
  bedrock_converse: true,
  bedrock_invoke: true,
  cohere: true,
  ollama: true,
};

export const DIALECTS = Object.keys(KNOWN) as Dialect[];

export interface ProviderFields {
  name: string;
  base_url: string;
  dialects: Dialect[];
  credential: Credential;
  required_headers: Header[];
  connect_timeout_ms: number | '';
  first_byte_timeout_ms: number | '';
  idle_timeout_ms: number | '';
  total_timeout_ms: number | '';
  tls_verify: boolean;
  tls_name: string;
  ask_usage: boolean;
  price_list: string;
  is_enabled: boolean;
}

/** What a vendor of this dialect expects, as the daemon would set it. */
export function credentialFor(dialects: readonly Dialect[]): Credential {
  const first = dialects[0] ?? '';
  if (first.startsWith('anthropic_')) return { location: 'header', name: 'x-api-key', prefix: '' };
  if (first.startsWith('gemini_')) return { location: 'header', name: 'x-goog-api-key', prefix: '' };
  return { location: 'header', name: 'authorization', prefix: 'Bearer ' };
}

export function newProvider(): ProviderFields {
  return {
    name: '',
    base_url: '',
    dialects: ['openai_chat'],
    credential: credentialFor(['openai_chat']),
    required_headers: [],
    connect_timeout_ms: 5_000,
    first_byte_timeout_ms: 120_000,
    idle_timeout_ms: 120_000,
    total_timeout_ms: '',
    tls_verify: true,
    tls_name: '',
    ask_usage: true,
    price_list: '',
    is_enabled: true,
  };
}

export function providerFields(provider: Provider): ProviderFields {
  return {
    name: provider.name,
    base_url: provider.base_url,
    dialects: provider.dialects,
    credential: provider.credential,
    required_headers: provider.required_headers,
    connect_timeout_ms: provider.connect_timeout_ms,
    first_byte_timeout_ms: provider.first_byte_timeout_ms,
    idle_timeout_ms: provider.idle_timeout_ms,
    total_timeout_ms: provider.total_timeout_ms ?? '',
    tls_verify: provider.tls_verify,
    tls_name: provider.tls_name ?? '',
    ask_usage: provider.ask_usage,
    price_list: provider.price_list ?? '',
    is_enabled: provider.is_enabled,
  };
}

export function providerBody(fields: ProviderFields): ProviderCreate {
  return {
    ...fields,
    base_url: fields.base_url.trim().replace(/\/+$/, ''),
    connect_timeout_ms: Number(fields.connect_timeout_ms),
    first_byte_timeout_ms: Number(fields.first_byte_timeout_ms),
    idle_timeout_ms: Number(fields.idle_timeout_ms),
    total_timeout_ms: fields.total_timeout_ms === '' ? null : fields.total_timeout_ms,
    tls_name: fields.tls_name.trim() || null,
    price_list: fields.price_list.trim() || null,
  };
}

export function isProviderName(name: string): boolean {
  return /^[a-z0-9-]{1,63}$/.test(name);
}

export function isBaseUrl(text: string): boolean {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

export function isHeaderName(name: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
}
