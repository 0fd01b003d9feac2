// SPDX-License-Identifier: MIT
//
// A question in the dialects of the playground, and the text in their answers.

import type { GatewayRequest } from '@/api/gateway';

export const PLAYGROUND_DIALECTS = ['openai_chat', 'anthropic_messages', 'gemini_content'] as const;
export type PlaygroundDialect = (typeof PLAYGROUND_DIALECTS)[number];

export interface Question {
  dialect: PlaygroundDialect;
  model: string;
  system: string;
  message: string;
  maxTokens: number;
  isStreamed: boolean;
}

export function requestFor(question: Question): GatewayRequest {
  const { model, message, maxTokens, isStreamed } = question;
  const system = question.system.trim();
  switch (question.dialect) {
    case 'openai_chat':
      return {
        path: '/v1/chat/completions',
        body: {
          model,
          stream: isStreamed,
          max_completion_tokens: maxTokens,
          messages: [
            ...(system === '' ? [] : [{ role: 'system', content: system }]),
            { role: 'user', content: message },
          ],
        },
      };
    case 'anthropic_messages':
      return {
        path: '/v1/messages',
        body: {
          model,
          stream: isStreamed,
          max_tokens: maxTokens,
          ...(system !== '' && { system }),
          messages: [{ role: 'user', content: message }],
        },
      };
    case 'gemini_content': {
      const call = isStreamed ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/v1beta/models/${encodeURIComponent(model)}:${call}`,
        body: {
          ...(system !== '' && { systemInstruction: { parts: [{ text: system }] } }),
          contents: [{ role: 'user', parts: [{ text: message }] }],
          generationConfig: { maxOutputTokens: maxTokens },
        },
      };
    }
  }
}

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function texts(parts: unknown): string {
  return list(parts).map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('');
}

function member(value: unknown, name: string): Json {
  const inner = isJson(value) ? value[name] : undefined;
  return isJson(inner) ? inner : {};
}

/** The text in an answer, or in one event of a stream. */
export function textIn(dialect: PlaygroundDialect, answer: unknown): string {
  if (!isJson(answer)) return '';
  switch (dialect) {
    case 'openai_chat':
      return list(answer['choices'])
        .map((choice) => member(choice, 'delta')['content'] ?? member(choice, 'message')['content'])
        .filter((content) => typeof content === 'string')
        .join('');
    case 'anthropic_messages': {
      const delta = member(answer, 'delta')['text'];
      return typeof delta === 'string' ? delta : texts(answer['content']);
    }
    case 'gemini_content':
      return list(answer['candidates']).map((one) => texts(member(one, 'content')['parts'])).join('');
  }
}
