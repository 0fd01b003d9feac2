// SPDX-License-Identifier: MIT
//
// The one way to the daemon. Adds the access token, refreshes it once when it
// has expired, and turns every failure into an ApiError. Called by the typed
// files beside it only.

import { ApiError, toApiError, UNREACHABLE, UNREADABLE } from './error';
import { currentToken, setSession } from './session';
import type { Session } from './types';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type QueryValue = string | number | boolean | null | undefined;

interface Options {
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
  /** The same text twice is one creation, for a day. */
  idempotencyKey?: string;
  /** Sends no token and does not refresh: sign-in and the refresh itself. */
  anonymous?: boolean;
  /** Of who is not signed in: sent in the token's place. */
  clientKey?: string;
}

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  if (options.clientKey !== undefined) {
    return readReply<T>(await exchange(method, path, options, options.clientKey));
  }
  if (options.anonymous) return readReply<T>(await exchange(method, path, options, null));
  return readReply<T>(await signedExchange(method, path, options));
}

/** A file, and the name that the daemon gives it. */
export async function requestFile(path: string): Promise<{ content: Blob; name: string }> {
  const reply = await signedExchange('GET', path, {});
  if (!reply.ok) return readReply<never>(reply);
  const [, name] = /filename="([^"/\\]+)"/.exec(reply.headers.get('Content-Disposition') ?? '') ?? [];
  return { content: await reply.blob(), name: name ?? 'download' };
}

/** With the access token; once more with a new one where that has expired. */
async function signedExchange(method: Method, path: string, options: Options): Promise<Response> {
  const token = currentToken() ?? (await refreshSession()).access_token;
  const reply = await exchange(method, path, options, token);
  if (reply.status !== 401) return reply;

  // Another request may have refreshed while this one was under way.
  const newer = currentToken();
  const fresh = newer !== null && newer !== token ? newer : (await refreshSession()).access_token;
  return exchange(method, path, options, fresh);
}

let refreshing: Promise<Session> | null = null;

/**
 * Exchanges the cookie for an access token. The cookie rotates, so two
 * exchanges at once would end the session: requests of this tab share one, and
 * tabs take turns where the browser has locks (HTTPS or localhost).
 */
export function refreshSession(): Promise<Session> {
  refreshing ??= inTurn(exchangeCookie).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function exchangeCookie(): Promise<Session> {
  try {
    const session = await request<Session>('POST', '/api/auth/refresh', { anonymous: true });
    setSession(session);
    return session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) setSession(null);
    throw error;
  }
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('aiproxy.refresh', work) as Promise<T>;
}

async function exchange(
  method: Method,
  path: string,
  options: Options,
  token: string | null,
): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' });
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  if (options.body !== undefined) headers.set('Content-Type', 'application/json');
  if (options.idempotencyKey !== undefined) headers.set('Idempotency-Key', options.idempotencyKey);

  try {
    return await fetch(path + queryString(options.query), {
      method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: UNREACHABLE, message: String(error) });
  }
}

async function readReply<T>(reply: Response): Promise<T> {
  if (reply.status === 204) return undefined as T;

  const requestId = reply.headers.get('X-Request-Id');
  let body: unknown = null;
  try {
    body = await reply.json();
  } catch {
    if (reply.ok) {
      throw new ApiError({
        status: reply.status, code: UNREADABLE, message: `HTTP ${reply.status}`, requestId,
      });
    }
  }
  if (!reply.ok) throw toApiError(reply.status, requestId, body);
  return body as T;
}

export function queryString(query: Options['query']): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
