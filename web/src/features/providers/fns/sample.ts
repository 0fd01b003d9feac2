// SPDX-License-Identifier: MIT
//
// A request of a caller, as one tries out what a provider would see of it.

import type { Dialect, PreviewRequest, Provider } from '@/api/types';

export interface SampleFields {
  method: string;
  path: string;
  /** A header per line, "name: value". */
  headers: string;
}

const PATHS: Partial<Record<Dialect, string>> = {
  openai_responses: '/v1/responses',
  openai_completions: '/v1/completions',
  openai_embeddings: '/v1/embeddings',
  openai_images: '/v1/images/generations',
  openai_moderations: '/v1/moderations',
  anthropic_messages: '/v1/messages',
  anthropic_count_tokens: '/v1/messages/count_tokens',
  gemini_content: '/v1beta/models/gemini-3.5-flash:generateContent',
  gemini_count_tokens: '/v1beta/models/gemini-3.5-flash:countTokens',
  cohere: '/v2/chat',
  ollama: '/api/chat',
};

/** With headers that must not pass among those that may. */
export function sampleFor(provider: Provider): SampleFields {
  const path = provider.dialects.map((dialect) => PATHS[dialect]).find((known) => known !== undefined);
  return {
    method: 'POST',
    path: provider.dialects[0] === 'openai_chat' ? '/v1/chat/completions' : (path ?? '/v1/chat/completions'),
    headers: [
      'Content-Type: application/json',
      'Authorization: Bearer aip_…',
      'User-Agent: my-application/1.0',
      'X-Forwarded-For: 192.0.2.7',
      'Cookie: session=1',
      ...provider.allowed_headers.map((name) => `${name}: passes`),
    ].join('\n'),
  };
}

export function sampleBody(fields: SampleFields): PreviewRequest {
  return {
    method: fields.method.trim(),
    path: fields.path.trim(),
    headers: fields.headers.split('\n').filter((line) => line.trim() !== '').map(readHeader),
    // What a short question comes to; its length is one of the headers.
    ...(fields.method.trim() !== 'GET' && { body_bytes: 120 }),
  };
}

/** A line without a colon is a name without a value: the daemon objects where it must. */
function readHeader(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon === -1) return { name: line.trim(), value: '' };
  // Header values are bytes; what a key is shortened by is none of them.
  return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim().replaceAll('…', '...') };
}
