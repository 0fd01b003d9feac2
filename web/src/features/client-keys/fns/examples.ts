// SPDX-License-Identifier: MIT
//
// First requests with a client key: by curl and by the vendors' own packages.
// What is written here runs as it stands: t/web runs the curl.

import type { Dialect, Price, Provider } from '@/api/types';

export const TOOLS = ['curl', 'python', 'node'] as const;

export type Tool = (typeof TOOLS)[number];

export interface ExampleInput {
  dialect: Dialect;
  /** The gateway's address, without a slash at the end. */
  gateway: string;
  key: string;
  model: string;
}

const USUAL_MODELS: Record<Dialect, string> = {
  openai_chat: 'gpt-4o-mini',
  anthropic_messages: 'claude-sonnet-4-5',
  gemini_content: 'gemini-2.5-flash',
};

/** A model the provider is likely to have: the usual one, else one with a price. */
export function exampleModel(dialect: Dialect, provider: Provider, prices: readonly Price[]): string {
  const list = provider.price_list ?? provider.name;
  const priced = prices.filter((price) => price.provider === list).map((price) => price.model);
  const usual = USUAL_MODELS[dialect];
  if (priced.includes(usual)) return usual;
  return priced.find((model) => /^[\w.:/-]+$/.test(model)) ?? usual;
}

type Writer = (input: ExampleInput) => string;

const curl: Record<Dialect, Writer> = {
  openai_chat: ({ gateway, key, model }) => `curl ${gateway}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,

  anthropic_messages: ({ gateway, key, model }) => `curl ${gateway}/v1/messages \\
  -H "x-api-key: ${key}" \\
  -H "anthropic-version: 2023-06-01" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "max_tokens": 256, "messages": [{"role": "user", "content": "Hello"}]}'`,

  gemini_content: ({ gateway, key, model }) => `curl ${gateway}/v1beta/models/${model}:generateContent \\
  -H "x-goog-api-key: ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}'`,
};

const python: Record<Dialect, Writer> = {
  openai_chat: ({ gateway, key, model }) => `# pip install openai
from openai import OpenAI

client = OpenAI(
    api_key="${key}",
    base_url="${gateway}/v1",
)
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,

  anthropic_messages: ({ gateway, key, model }) => `# pip install anthropic
from anthropic import Anthropic

client = Anthropic(
    api_key="${key}",
    base_url="${gateway}",
)
answer = client.messages.create(
    model="${model}",
    max_tokens=256,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.content[0].text)`,

  gemini_content: ({ gateway, key, model }) => `# pip install google-genai
from google import genai
from google.genai import types

client = genai.Client(
    api_key="${key}",
    http_options=types.HttpOptions(base_url="${gateway}"),
)
answer = client.models.generate_content(
    model="${model}",
    contents="Hello",
)
print(answer.text)`,
};

const node: Record<Dialect, Writer> = {
  openai_chat: ({ gateway, key, model }) => `// npm install openai
import OpenAI from 'openai';

const client = new OpenAI({
  apiKey: '${key}',
  baseURL: '${gateway}/v1',
});
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`,

  anthropic_messages: ({ gateway, key, model }) => `// npm install @anthropic-ai/sdk
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({
  apiKey: '${key}',
  baseURL: '${gateway}',
});
const answer = await client.messages.create({
  model: '${model}',
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.content[0].text);`,

  gemini_content: ({ gateway, key, model }) => `// npm install @google/genai
import { GoogleGenAI } from '@google/genai';

const client = new GoogleGenAI({
  apiKey: '${key}',
  httpOptions: { baseUrl: '${gateway}' },
});
const answer = await client.models.generateContent({
  model: '${model}',
  contents: 'Hello',
});
console.log(answer.text);`,
};

const WRITERS: Record<Tool, Record<Dialect, Writer>> = { curl, python, node };

export function exampleText(tool: Tool, input: ExampleInput): string {
  return WRITERS[tool][input.dialect](input);
}

const PROXY_PORT = 8080;

/** Where the gateway most likely listens, seen from the console's address. */
export function likelyGateway(location: { protocol: string; hostname: string }): string {
  return `${location.protocol}//${location.hostname}:${PROXY_PORT}`;
}
