// SPDX-License-Identifier: MIT
//
// First requests with a client key: by curl and by the vendors' own packages.
// What is written here runs as it stands: t/web runs the curl.

import type { Dialect, Price, Provider } from '@/api/types';

export const TOOLS = ['curl', 'python', 'node'] as const;

export type Tool = (typeof TOOLS)[number];

/** The dialects that somebody begins with; the others have no example. */
export const EXAMPLE_DIALECTS = [
  'openai_chat', 'anthropic_messages', 'gemini_content', 'bedrock_converse', 'cohere', 'ollama',
] as const satisfies readonly Dialect[];

export type ExampleDialect = (typeof EXAMPLE_DIALECTS)[number];

export interface ExampleInput {
  dialect: ExampleDialect;
  /** The gateway's address, without a slash at the end. */
  gateway: string;
  key: string;
  model: string;
}

const USUAL_MODELS: Record<ExampleDialect, string> = {
  openai_chat: 'gpt-4o-mini',
  anthropic_messages: 'claude-sonnet-4-5',
  gemini_content: 'gemini-2.5-flash',
  bedrock_converse: 'amazon.nova-lite-v1:0',
  cohere: 'command-a-03-2025',
  ollama: 'llama3.2',
};

/** A model the provider is likely to have: the usual one, else one with a price. */
export function exampleModel(dialect: ExampleDialect, provider: Provider, prices: readonly Price[]): string {
  const list = provider.price_list ?? provider.name;
  const priced = prices.filter((price) => price.provider === list).map((price) => price.model);
  const usual = USUAL_MODELS[dialect];
  if (priced.includes(usual)) return usual;
  return priced.find((model) => /^[\w.:/-]+$/.test(model)) ?? usual;
}

type Writer = (input: ExampleInput) => string;

const curl: Record<ExampleDialect, Writer> = {
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

  bedrock_converse: ({ gateway, key, model }) => `curl ${gateway}/model/${encodeURIComponent(model)}/converse \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}'`,

  cohere: ({ gateway, key, model }) => `curl ${gateway}/v2/chat \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,

  ollama: ({ gateway, key, model }) => `curl ${gateway}/api/chat \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}], "stream": false}'`,
};

const python: Record<ExampleDialect, Writer> = {
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

  bedrock_converse: ({ gateway, key, model }) => `# pip install boto3
import os
import boto3

os.environ["AWS_BEARER_TOKEN_BEDROCK"] = "${key}"
client = boto3.client(
    "bedrock-runtime",
    region_name="us-east-1",
    endpoint_url="${gateway}",
)
answer = client.converse(
    modelId="${model}",
    messages=[{"role": "user", "content": [{"text": "Hello"}]}],
)
print(answer["output"]["message"]["content"][0]["text"])`,

  cohere: ({ gateway, key, model }) => `# pip install cohere
import cohere

client = cohere.ClientV2(
    api_key="${key}",
    base_url="${gateway}",
)
answer = client.chat(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.message.content[0].text)`,

  ollama: ({ gateway, key, model }) => `# pip install ollama
from ollama import Client

client = Client(
    host="${gateway}",
    headers={"Authorization": "Bearer ${key}"},
)
answer = client.chat(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.message.content)`,
};

const node: Record<ExampleDialect, Writer> = {
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

  bedrock_converse: ({ gateway, key, model }) => `// npm install @aws-sdk/client-bedrock-runtime
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';

process.env.AWS_BEARER_TOKEN_BEDROCK = '${key}';
const client = new BedrockRuntimeClient({
  region: 'us-east-1',
  endpoint: '${gateway}',
});
const answer = await client.send(new ConverseCommand({
  modelId: '${model}',
  messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
}));
console.log(answer.output.message.content[0].text);`,

  cohere: ({ gateway, key, model }) => `// npm install cohere-ai
import { CohereClientV2 } from 'cohere-ai';

const client = new CohereClientV2({
  token: '${key}',
  environment: '${gateway}',
});
const answer = await client.chat({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.message.content[0].text);`,

  ollama: ({ gateway, key, model }) => `// npm install ollama
import { Ollama } from 'ollama';

const client = new Ollama({
  host: '${gateway}',
  headers: { Authorization: 'Bearer ${key}' },
});
const answer = await client.chat({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.message.content);`,
};

const WRITERS: Record<Tool, Record<ExampleDialect, Writer>> = { curl, python, node };

export function exampleText(tool: Tool, input: ExampleInput): string {
  return WRITERS[tool][input.dialect](input);
}
