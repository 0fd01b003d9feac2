// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { requestFor, textIn } from './dialects';
import { EventStream } from './event-stream';

const stream = 'data: {"a":1}\r\n\r\nevent: x\r\ndata: one\r\ndata: two\r\n\r\n: note\n\ndata: [DONE]\n\n';

test('events are the same for every split of the bytes', () => {
  for (let at = 0; at <= stream.length; at += 1) {
    const reader = new EventStream();
    const read = [...reader.push(stream.slice(0, at)), ...reader.push(stream.slice(at))];
    expect(read, `split at ${at}`).toEqual(['{"a":1}', 'one\ntwo', '[DONE]']);
  }
});

test('an event that is not whole is not an event', () => {
  expect(new EventStream().push('data: {"a"')).toEqual([]);
});

test('the text of each dialect is found, streamed and not', () => {
  expect(textIn('openai_chat', { choices: [{ delta: { content: 'a' } }] })).toBe('a');
  expect(textIn('openai_chat', { choices: [{ message: { content: 'b' } }] })).toBe('b');
  expect(textIn('openai_chat', { choices: [], usage: {} })).toBe('');
  expect(textIn('anthropic_messages', { type: 'content_block_delta', delta: { text: 'c' } })).toBe('c');
  expect(textIn('anthropic_messages', { content: [{ text: 'd' }, { type: 'tool_use' }, { text: 'e' }] })).toBe('de');
  expect(textIn('gemini_content', { candidates: [{ content: { parts: [{ text: 'f' }] } }] })).toBe('f');
  expect(textIn('gemini_content', null)).toBe('');
});

test('a model with a slash stays one segment of the path', () => {
  const { path } = requestFor({
    dialect: 'gemini_content', model: 'a/b', system: '', message: 'm', maxTokens: 9, isStreamed: true,
  });
  expect(path).toBe('/v1beta/models/a%2Fb:streamGenerateContent?alt=sse');
});
