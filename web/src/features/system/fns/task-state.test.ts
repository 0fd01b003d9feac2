// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { taskState } from './task-state';

const some = '2026-12-01T00:00:00.000Z';

test('a task that failed last is failing, though it runs again', () => {
  expect(taskState({ failures: 1, started_at: some, ended_at: some })).toBe('failing');
  expect(taskState({ failures: 2, started_at: some, ended_at: null })).toBe('failing');
});

test('a task is good once it has ended, and before that runs or waits', () => {
  expect(taskState({ failures: 0, started_at: some, ended_at: some })).toBe('good');
  expect(taskState({ failures: 0, started_at: some, ended_at: null })).toBe('runs');
  expect(taskState({ failures: 0, started_at: null, ended_at: null })).toBe('never');
});
