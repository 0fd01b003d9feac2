// SPDX-License-Identifier: MIT

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, UNREACHABLE, UNREADABLE } from './error';
import { queryString, request } from './request';
import { currentToken, setSession } from './session';
import type { Session } from './types';

const user: Session['user'] = {
  id: 1, username: 'admin', role: 'admin', display_name: null, email: null, is_enabled: true,
  must_change_password: false, last_login_at: null,
  created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z',
};
const session = (access_token: string): Session => ({ access_token, expires_in: 600, user });
const reply = (status: number, body: unknown) =>
  new Response(body === null ? null : JSON.stringify(body), { status });
const refused = () =>
  reply(401, { error: { code: 'auth.invalid_token', message: 'm', field: null, request_id: 'r' } });

type Handler = (path: string, token: string | null) => Response;
let calls: string[];

function serve(handler: Handler): void {
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    calls.push(path);
    return handler(path, new Headers(init.headers).get('Authorization'));
  });
}

beforeEach(() => {
  calls = [];
  vi.stubGlobal('navigator', {});
  setSession(session('old'));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('requests that meet an expired token share one refresh and are sent again', async () => {
  serve((path, token) => {
    if (path === '/api/auth/refresh') return reply(200, session('new'));
    return token === 'Bearer new' ? reply(200, { path }) : refused();
  });
  const answers = await Promise.all([request('GET', '/api/a'), request('GET', '/api/b')]);
  expect(answers).toEqual([{ path: '/api/a' }, { path: '/api/b' }]);
  expect(calls.filter((path) => path === '/api/auth/refresh')).toHaveLength(1);
  expect(currentToken()).toBe('new');
});

test('a session that cannot be refreshed ends, after one try', async () => {
  serve(() => refused());
  await expect(request('GET', '/api/a')).rejects.toMatchObject({ status: 401 });
  expect(calls).toEqual(['/api/a', '/api/auth/refresh']);
  expect(currentToken()).toBeNull();
});

test('a daemon that is away does not end the session', async () => {
  serve((path) => (path === '/api/auth/refresh' ? reply(503, null) : refused()));
  await expect(request('GET', '/api/a')).rejects.toMatchObject({ status: 503, code: UNREADABLE });
  expect(currentToken()).toBe('old');
});

test('a token that is refused again is not refreshed for ever', async () => {
  serve((path) => (path === '/api/auth/refresh' ? reply(200, session('new')) : refused()));
  await expect(request('GET', '/api/a')).rejects.toBeInstanceOf(ApiError);
  expect(calls).toEqual(['/api/a', '/api/auth/refresh', '/api/a']);
});

test('no network is an error of its own', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')));
  await expect(request('GET', '/api/a')).rejects.toMatchObject({ status: 0, code: UNREACHABLE });
});

test('a query leaves out what is absent', () => {
  expect(queryString({ a: 1, b: undefined, c: null, d: '', e: 'x y' })).toBe('?a=1&e=x+y');
  expect(queryString({})).toBe('');
});
