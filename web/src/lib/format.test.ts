// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import {
  axisUsd,
  exactUsd,
  formatBytes,
  formatCount,
  formatCountdown,
  formatLongSpan,
  formatSpan,
  formatTime,
  formatUsd,
} from './format';

function at(...parts: [number, number, number, number, number, number, number]): string {
  return new Date(...parts).toISOString();
}

test('what is not known is a dash, zero is zero', () => {
  expect(formatCount(null, 'en')).toBe('–');
  expect(formatCount(0, 'en')).toBe('0');
  expect(formatUsd(null, 'en')).toBe('–');
  expect(formatUsd('0', 'en')).toBe('$0.000000');
  expect(formatSpan(null, 'en')).toBe('–');
});

test('numbers are grouped in both languages', () => {
  expect(formatCount(1234567, 'en')).toBe('1,234,567');
  expect(formatCount(1234567, 'zh-CN')).toBe('1,234,567');
});

test('a cost in a column has six places; a smaller one is not zero', () => {
  expect(formatUsd('0.022', 'en')).toBe('$0.022000');
  expect(formatUsd('1234.5', 'zh-CN')).toBe('$1,234.500000');
  expect(formatUsd('0.000000000001', 'en')).toBe('<$0.000001');
});

test('the smallest costs on an axis are told apart', () => {
  expect([0, 0.000025, 0.00005, 0.0001].map((value) => axisUsd(value, 'en')))
    .toEqual(['$0.00', '$0.000025', '$0.00005', '$0.0001']);
  expect(axisUsd(0.0025, 'zh-CN')).toBe('$0.0025');
  expect(axisUsd(12, 'en')).toBe('$12.00');
});

test('an exact cost is what the daemon said', () => {
  expect(exactUsd('0.000000000001')).toBe('$0.000000000001');
});

test('bytes', () => {
  expect(formatBytes(0, 'en')).toBe('0 B');
  expect(formatBytes(1023, 'en')).toBe('1,023 B');
  expect(formatBytes(1536, 'en')).toBe('1.5 KiB');
  expect(formatBytes(200 * 1024 * 1024, 'en')).toBe('200 MiB');
});

test('measured spans', () => {
  expect(formatSpan(0, 'en')).toBe('0 ms');
  expect(formatSpan(0.314, 'en')).toBe('0.31 ms');
  expect(formatSpan(842.4, 'en')).toBe('842 ms');
  expect(formatSpan(3214, 'en')).toBe('3.21 s');
  expect(formatSpan(125_000, 'en')).toBe('2 min 5 s');
});

test('long spans name their two largest units', () => {
  expect(formatLongSpan(0, 'en')).toBe('0 s');
  expect(formatLongSpan(3 * 86_400_000 + 4 * 3_600_000 + 59_000, 'en')).toBe('3 d 4 h');
  expect(formatLongSpan(86_400_000 + 60_000, 'en')).toBe('1 d');
  expect(formatLongSpan(60_000, 'en')).toBe('1 min');
  expect(formatLongSpan(8 * 3_600_000 + 22 * 60_000, 'zh-CN')).toBe('8小时 22分钟');
  expect(formatLongSpan(0, 'zh-CN')).toBe('0秒');
});

test('a countdown does not end early', () => {
  expect(formatCountdown(26_001, 'en')).toBe('27 s');
  expect(formatCountdown(-5, 'en')).toBe('0 s');
});

test('today shows the time, another day the day, another year the year', () => {
  const now = new Date(2026, 10, 24, 12, 0);
  expect(formatTime(at(2026, 10, 24, 8, 3, 22, 481), 'en', true, now)).toBe('08:03:22.481');
  expect(formatTime(at(2026, 10, 23, 0, 5, 0, 0), 'en', false, now)).toBe('Nov 23, 00:05');
  expect(formatTime(at(2025, 0, 2, 3, 4, 0, 0), 'en', false, now)).toContain('2025');
});
