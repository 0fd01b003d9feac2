// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import type { Attempt, Usage } from '@/api/types';
import { perUnits } from '@/components/record/fns/cost';
import { moreCounts, plainInput, usageShares } from '@/components/record/fns/usage';
import { barsOf, scaleOf } from '@/components/record/fns/waterfall';
import { changeFilters, isFiltered, readFilters, toTraceFilter } from './filters';
import { withTail } from './tail';

const usage: Usage = {
  input_tokens: 1000, cache_read_tokens: 300, cache_write_5m_tokens: 100, cache_write_1h_tokens: null,
  cache_write_30m_tokens: null, cache_write_12h_tokens: null, output_tokens: 50, reasoning_tokens: 20,
  more: { web_searches: 2 }, tier: 'flex', geo: null, others: [{ model: 'painter', counts: { output: 7 } }],
  provider_cost_usd: null,
};
const attempt = (fields: Partial<Attempt>): Attempt => ({
  number: 1, provider: { id: 1, name: 'p' }, provider_key: { id: 1, name: 'k' }, address: '127.0.0.1:1', status: 200,
  result: 'passed', class: null, started_ms: 0, connect_ms: null, first_byte_ms: null, duration_ms: 100,
  reused: false, rest_ms: null, uncertain: false, verdict: null, scope: null, error_name: null, trial: false,
  waited_ms: null, ...fields,
});

test('filters in the address are read leniently', () => {
  expect(
    readFilters({ period: 'century', outcome: 'failed', status: '429', provider_id: 'x', from: 'nonsense', search: ' a ' }),
  ).toEqual({ outcome: 'failed', status: 429, search: 'a' });
  expect(readFilters({ status: 1000, client_key_id: -1 })).toEqual({});
});

test('a filter that is taken away leaves the address', () => {
  expect(changeFilters({ search: 'a', status: 200 }, { status: undefined })).toEqual({ search: 'a' });
});

test('an open record is no filter', () => {
  expect(isFiltered({ record: '7' })).toBe(false);
  expect(isFiltered({ record: '7', status: 200 })).toBe(true);
});

test('a period reaches back from the moment of asking', () => {
  const now = Date.parse('2026-11-24T08:00:00.000Z');
  expect(toTraceFilter({ period: '1h', record: '9', model: 'm' }, now)).toEqual({
    from: '2026-11-24T07:00:00.000Z', model: 'm',
  });
});

test('the parts of the usage do not overlap and add up', () => {
  expect(plainInput(usage)).toBe(600);
  const shares = usageShares(usage);
  expect(shares.map((share) => share.part)).toEqual(['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning']);
  expect(shares.reduce((sum, share) => sum + share.tokens, 0)).toBe(1050);
});

test('counts of other models are told with their names', () => {
  expect(moreCounts(usage)).toEqual([['web_searches', 2], ['painter: output', 7]]);
});

test('a price is told as people know it', () => {
  expect(perUnits('0.0000025', 1)).toEqual({ price: '2.5', per: 'perMillion' });
  expect(perUnits('0.000000003625', 1)).toEqual({ price: '0.003625', per: 'perMillion' });
  expect(perUnits('0.01', 1)).toEqual({ price: '0.01', per: 'perPiece' });
  expect(perUnits('0.36', 3_600_000)).toEqual({ price: '0.36', per: 'perHour' });
});

test('bars stand one after the other on one scale', () => {
  const one = attempt({ started_ms: 20, connect_ms: 10, first_byte_ms: 40, duration_ms: 80 });
  expect(scaleOf(100, [one])).toBe(100);
  expect(barsOf(one, 100)).toEqual([
    { phase: 'connect', left: 20, width: 10, ms: 10 },
    { phase: 'wait', left: 30, width: 30, ms: 30 },
    { phase: 'answer', left: 60, width: 40, ms: 40 },
  ]);
});

test('an attempt without an answer only waits', () => {
  expect(barsOf(attempt({}), 100).map((bar) => bar.phase)).toEqual(['wait']);
});

const row = (id: number, started_at: string) => ({ id, started_at });

test('what the tail brings goes on top, and nothing is there twice', () => {
  const list = [row(5, 'T5'), row(3, 'T3')];
  expect(withTail(list, [row(5, 'T5')], true)).toBe(list);
  expect(withTail(list, [row(6, 'T6'), row(7, 'T7')], true).map(({ id }) => id)).toEqual([7, 6, 5, 3]);
  // It ran for long: it stands where it began, or on an older page.
  expect(withTail(list, [row(8, 'T4')], true).map(({ id }) => id)).toEqual([5, 8, 3]);
  expect(withTail(list, [row(9, 'T1')], true)).toBe(list);
  expect(withTail(list, [row(9, 'T1')], false).map(({ id }) => id)).toEqual([5, 3, 9]);
  expect(withTail([], [row(1, 'T1')], false)).toEqual([row(1, 'T1')]);
});
