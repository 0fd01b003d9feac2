// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import type { Price, Provider, ProviderKey } from '@/api/types';
import { likelyGateway } from '@/lib/gateway';
import { EXAMPLE_DIALECTS, exampleModel, exampleText, TOOLS } from './examples';
import { clientKeyBody, clientKeyFields, clientKeyPatch, newClientKey } from './form';
import { groupByProvider, poolDialects, poolGroups, toggleKeys } from './pool';

const provider = (id: number, fields: Partial<Provider>) => ({ id, name: `p${id}`, is_enabled: true, price_list: null, ...fields }) as Provider;
const key = (id: number, provider_id: number) => ({ id, provider_id, name: `k${id}` }) as ProviderKey;
const price = (list: string, model: string) => ({ provider: list, model }) as Price;

const providers = [
  provider(1, { dialects: ['openai_chat', 'anthropic_messages'] }),
  provider(2, { dialects: ['anthropic_messages'] }),
  provider(3, { dialects: ['gemini_content'], is_enabled: false }),
];
const groups = groupByProvider(providers, [key(11, 1), key(21, 2), key(31, 3)]);

test('a pool serves the dialects of its enabled providers', () => {
  expect([...poolDialects(poolGroups(groups, [21, 31])).keys()]).toEqual(['anthropic_messages']);
  expect(poolDialects(groups).get('anthropic_messages')?.id).toBe(1);
  expect(poolDialects(poolGroups(groups, [])).size).toBe(0);
});

test('keys go in once and out whole', () => {
  expect(toggleKeys([11, 21], [21, 31], true)).toEqual([11, 21, 31]);
  expect(toggleKeys([11, 21, 31], [11, 31], false)).toEqual([21]);
});

test('the example asks for a model that has a price', () => {
  const own = provider(4, { price_list: 'demo' });
  const prices = [price('demo', 'demo-*'), price('demo', 'demo-small')];
  expect(exampleModel('openai_chat', own, prices)).toBe('demo-small');
  expect(exampleModel('openai_chat', own, [])).toBe('gpt-4o-mini');
});

test('each example holds the address, the key and the model', () => {
  for (const tool of TOOLS) {
    for (const dialect of EXAMPLE_DIALECTS) {
      const text = exampleText(tool, { dialect, gateway: 'http://gw:8080', key: 'aip_k', model: 'm-1' });
      for (const part of ['http://gw:8080', 'aip_k', 'm-1']) expect(text, `${tool} ${dialect}`).toContain(part);
    }
  }
});

test('the gateway is looked for beside the console', () => {
  expect(likelyGateway({ protocol: 'https:', hostname: 'ai.example' })).toBe('https://ai.example:8080');
});

test('clearing a limit sends null, and nothing else', () => {
  const before = { ...newClientKey(), name: 'a', requests_per_minute: 60 };
  expect(clientKeyPatch(before, { ...before, requests_per_minute: '' })).toEqual({ requests_per_minute: null });
  expect(clientKeyPatch(before, before)).toEqual({});
  expect(clientKeyFields({ requests_per_minute: null } as Parameters<typeof clientKeyFields>[0]).requests_per_minute).toBe('');
});

test('an empty list of what is allowed means everything', () => {
  const before = { ...newClientKey(), name: 'a' };
  const after = { ...before, allowed_models: ['gpt-5*'], allowed_provider_ids: ['2'] };
  expect(clientKeyPatch(before, after)).toEqual({ allowed_models: ['gpt-5*'], allowed_provider_ids: [2] });
  expect(clientKeyPatch(after, before)).toEqual({ allowed_models: null, allowed_provider_ids: null });
});

test('what it sticks to is sent with that strategy only', () => {
  const fields = { ...newClientKey(), sticky: { source: 'header' as const, header: ' x-user ' } };
  expect(clientKeyBody(fields).sticky).toBeNull();
  expect(clientKeyBody({ ...fields, strategy: 'sticky' }).sticky).toEqual({ source: 'header', header: 'x-user' });
});
