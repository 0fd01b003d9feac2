// SPDX-License-Identifier: MIT
//
// An error in the words of its reader: what happened, what to do, and what the
// daemon said where that adds something.

import type { TFunction } from 'i18next';
import { ApiError, UNREADABLE } from '@/api/error';

export type Failure =
  | 'unreachable' | 'unreadable' | 'credentials' | 'session' | 'forbidden' | 'notFound'
  | 'nameTaken' | 'inUse' | 'stale' | 'invalid' | 'tooMany' | 'unavailable' | 'unexpected';

export interface ErrorTexts {
  title: string;
  advice: string;
  said: string | null;
}

/** The kind of a failure: by its code where that matters, else by its status. */
export function failureOf(error: Error): Failure {
  if (!(error instanceof ApiError)) return 'unexpected';
  if (error.status === 0) return 'unreachable';
  if (error.code === UNREADABLE) return 'unreadable';
  switch (error.status) {
    case 401:
      return error.code === 'login.failed' ? 'credentials' : 'session';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 409:
      return error.field === null ? 'inUse' : 'nameTaken';
    case 412:
      return 'stale';
    case 400:
    case 413:
    case 422:
      return 'invalid';
    case 429:
      return 'tooMany';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return 'unexpected';
  }
}

// Kinds whose own sentence leaves nothing to add.
const SILENT: ReadonlySet<Failure> = new Set(['unreachable', 'credentials', 'session', 'nameTaken']);

export function errorTexts(error: Error, t: TFunction): ErrorTexts {
  const failure = failureOf(error);
  return {
    title: t(`errors.${failure}.title`),
    advice: t(`errors.${failure}.advice`),
    said: SILENT.has(failure) ? null : error.message,
  };
}
