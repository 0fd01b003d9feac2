// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { ApiError, toApiError, UNREADABLE } from '@/api/error';
import { changedFields } from './changes';
import { failureOf } from './error-texts';
import { preferredLanguage } from './languages';
import { fromLocalInput, toLocalInput } from './local-time';
import { matches } from './matches';
import { markField } from './server-fields';

const error = (status: number, code: string, field: string | null = null) =>
  new ApiError({ status, code, message: 'said', field });

test('the chosen language wins, then the first one the browser asks for', () => {
  expect(preferredLanguage('zh-CN', ['en-US'])).toBe('zh-CN');
  expect(preferredLanguage('klingon', ['fr', 'zh-Hant-TW', 'en'])).toBe('zh-CN');
  expect(preferredLanguage(null, ['en-GB', 'zh-CN'])).toBe('en');
  expect(preferredLanguage(null, ['fr'])).toBe('en');
});

test('a search finds rows that have all of its words', () => {
  expect(matches('Demo open', 'demo-openai-1', 'https://x')).toBe(true);
  expect(matches('demo gemini', 'demo-openai-1')).toBe(false);
  expect(matches('  ', 'anything')).toBe(true);
});

test('a patch holds what has changed and nothing else', () => {
  const before = { name: 'a', list: [1, 2], limit: 5 as number | null };
  expect(changedFields(before, { name: 'a', list: [1, 2], limit: null })).toEqual({ limit: null });
  expect(changedFields(before, { ...before, list: [2, 1] })).toEqual({ list: [2, 1] });
});

test('a date field gives back the moment it was given', () => {
  const utc = '2026-11-24T08:00:00.000Z';
  expect(fromLocalInput(toLocalInput(utc))).toBe(utc);
  expect(fromLocalInput('')).toBeNull();
  expect(toLocalInput('nonsense')).toBe('');
});

test('failures are told apart by status and code', () => {
  expect(failureOf(error(0, 'console.unreachable'))).toBe('unreachable');
  expect(failureOf(error(409, 'conflict', 'name'))).toBe('nameTaken');
  expect(failureOf(error(409, 'conflict'))).toBe('inUse');
  expect(failureOf(error(401, 'login.failed'))).toBe('credentials');
  expect(failureOf(error(401, 'token.invalid'))).toBe('session');
  expect(failureOf(error(503, 'busy'))).toBe('unavailable');
  expect(failureOf(new TypeError('x'))).toBe('unexpected');
});

test('an error reply that is not ours is unreadable', () => {
  expect(toApiError(502, null, '<html>').code).toBe(UNREADABLE);
  const reply = { error: { code: 'validation', message: 'm', field: 'name', request_id: 'r' } };
  expect(toApiError(422, 'r', reply)).toMatchObject({ code: 'validation', field: 'name', status: 422 });
});

test('an objection marks its field, down to one of a list', () => {
  const marked: [string, string][] = [];
  const form = { setFieldError: (field: string, text: string) => marked.push([field, text]) };
  const fields = ['name', 'required_headers'];
  expect(markField(form, error(409, 'conflict', 'name'), fields, 'taken')).toBe(true);
  expect(markField(form, error(422, 'validation', 'required_headers[1].name'), fields, '')).toBe(true);
  expect(markField(form, error(422, 'validation', 'unheard_of'), fields, '')).toBe(false);
  expect(marked).toEqual([['name', 'taken'], ['required_headers.1.name', 'said']]);
});
