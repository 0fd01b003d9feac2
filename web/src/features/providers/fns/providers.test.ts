// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import type { Provider } from '@/api/types';
import { credentialFor, isBaseUrl, isHeaderName, isProviderName, newProvider, providerBody } from './form';
import { sampleBody, sampleFor } from './sample';

test('names are what the daemon takes', () => {
  expect(isProviderName('my-provider-2')).toBe(true);
  for (const name of ['', 'My', 'a_b', 'a'.repeat(64), 'ä']) expect(isProviderName(name), name).toBe(false);
});

test('a base URL has a scheme, a host, and no query', () => {
  for (const url of ['https://api.example.com', 'http://127.0.0.1:1234/prefix/']) expect(isBaseUrl(url), url).toBe(true);
  for (const url of ['api.example.com', 'ftp://x', 'https://u:p@x', 'https://x/?a=1', 'https://x/#y', '']) {
    expect(isBaseUrl(url), url).toBe(false);
  }
});

test('header names are tokens', () => {
  expect(isHeaderName('anthropic-version')).toBe(true);
  for (const name of ['', 'a b', 'a:b', 'é']) expect(isHeaderName(name), name).toBe(false);
});

test('the body has null where a field is empty, and no slash at the end', () => {
  const body = providerBody({ ...newProvider(), base_url: ' https://x/ ', price_list: ' ' });
  expect(body).toMatchObject({ base_url: 'https://x', total_timeout_ms: null, tls_name: null, price_list: null });
});

test('the credential follows the first dialect', () => {
  expect(credentialFor(['anthropic_messages']).name).toBe('x-api-key');
  expect(credentialFor(['gemini_embeddings', 'openai_chat']).name).toBe('x-goog-api-key');
  expect(credentialFor(['cohere']).prefix).toBe('Bearer ');
  expect(credentialFor([]).name).toBe('authorization');
});

const provider = (dialects: string[]) => ({ dialects, allowed_headers: ['x-team'] }) as unknown as Provider;

test('a sample is a request that the provider can serve, with what must not pass', () => {
  expect(sampleFor(provider(['openai_chat', 'anthropic_messages'])).path).toBe('/v1/chat/completions');
  expect(sampleFor(provider(['anthropic_messages'])).path).toBe('/v1/messages');
  const body = sampleBody({ ...sampleFor(provider(['cohere'])), headers: 'A: b: c\n\nx-empty\n' });
  expect(body).toEqual({
    method: 'POST', path: '/v2/chat', body_bytes: 120,
    headers: [{ name: 'A', value: 'b: c' }, { name: 'x-empty', value: '' }],
  });
});
