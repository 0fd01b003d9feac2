// SPDX-License-Identifier: MIT
//
// The filters of the records, as they stand in the address: read leniently (a
// value that makes no sense is left out), written as they are.

import type { TraceFilter } from '@/api/logs';

export const OUTCOMES = ['success', 'rejected', 'failed', 'aborted'] as const;
export const PERIODS = ['15m', '1h', '24h', '7d'] as const;

export const USAGE_SOURCES = ['reported', 'partial', 'estimated', 'drained', 'none'] as const;

export type UsageSource = (typeof USAGE_SOURCES)[number];
export type Outcome = (typeof OUTCOMES)[number];
export type Period = (typeof PERIODS)[number];

export interface LogFilters {
  search?: string;
  period?: Period;
  from?: string;
  to?: string;
  outcome?: Outcome;
  status?: number;
  model?: string;
  client_key_id?: number;
  provider_id?: number;
  provider_key_id?: number;
  /** Why it did not succeed, in one word. */
  class?: string;
  usage_source?: UsageSource;
  /** Somewhere in path, model, error, user agent, address. */
  contains?: string;
  user_id?: number;
  /** The record whose detail is open: its number or a request id. */
  record?: string;
}

/** What is under "More filters"; the rest is always in sight. */
export const FOLDED = ['status', 'model', 'provider_id', 'provider_key_id', 'class', 'usage_source', 'contains', 'from', 'to'] as const;

const PERIOD_MS: Record<Period, number> = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
};

const TEXT_MAX = 256;
const STATUS_MAX = 999;

function readText(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : text.slice(0, TEXT_MAX);
}

function readNumber(value: unknown, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === '' || value === null || value === undefined) return undefined;
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 && number <= max ? number : undefined;
}

function readTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return undefined;
  return new Date(value).toISOString();
}

function readWord<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

export function readFilters(raw: Record<string, unknown>): LogFilters {
  return withoutAbsent({
    search: readText(raw['search']),
    period: readWord(PERIODS, raw['period']),
    from: readTime(raw['from']),
    to: readTime(raw['to']),
    outcome: readWord(OUTCOMES, raw['outcome']),
    status: readNumber(raw['status'], STATUS_MAX),
    model: readText(raw['model']),
    client_key_id: readNumber(raw['client_key_id']),
    provider_id: readNumber(raw['provider_id']),
    provider_key_id: readNumber(raw['provider_key_id']),
    class: readText(raw['class']),
    usage_source: readWord(USAGE_SOURCES, raw['usage_source']),
    contains: readText(raw['contains']),
    user_id: readNumber(raw['user_id']),
    record: readText(raw['record']),
  });
}

type Loose<Fields> = { [Name in keyof Fields]?: Fields[Name] | undefined };

/** Filters with some of them changed; undefined takes one away. */
export function changeFilters(filters: LogFilters, changes: Loose<LogFilters>): LogFilters {
  return withoutAbsent({ ...filters, ...changes });
}

function withoutAbsent(filters: Loose<LogFilters>): LogFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

/** What to ask the daemon. A period reaches back from now, whenever that is. */
export function toTraceFilter(filters: LogFilters, now = Date.now()): TraceFilter {
  const { period, record, ...rest } = filters;
  if (period === undefined) return rest;
  return { ...rest, from: new Date(now - PERIOD_MS[period]).toISOString() };
}

export function countFilters(filters: LogFilters, names: readonly (keyof LogFilters)[]): number {
  return names.filter((name) => filters[name] !== undefined).length;
}

export function isFiltered({ record, ...rest }: LogFilters): boolean {
  return Object.keys(rest).length > 0;
}
