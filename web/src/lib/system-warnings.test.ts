// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import type { SystemStatus } from '@/api/types';
import { systemWarnings } from './system-warnings';

const well: SystemStatus = {
  version: '1', started_at: '2026-01-01T00:00:00.000Z', node_id: 'n', node_name: 'n', database: 'sqlite', config_generation: 5, config_version: 1, config_age_ms: 0,
  snapshot: { generation: 5, bytes: 1, published_at: null, error: null },
  state: { columns_in_use: 2, slots: 64, slots_in_use: 3, in_flight: 0 },
  ledger: {
    segments: 1, bytes: 1, spool_bytes: 0, waiting_bytes: 0, lag_ms: 5, records_ingested: 9, records_lost: 0, payloads_dropped: 0,
    records_refused: 0, requests_refused: 0,
  },
  machine: { cpus: 2, load: 0.5, memory_bytes: 2, memory_free_bytes: 1, dir: null, run_dir: null },
  daemon: { pid: 1, cpu_ms: 1, memory_bytes: 1 },
  workers: [],
  redis: null,
};

test('a node that is well has no warnings', () => {
  expect(systemWarnings(well)).toEqual([]);
});

test('a failed publication is said once, as the failure', () => {
  const failed = { ...well, config_generation: 6, snapshot: { ...well.snapshot, error: 'disk full' } };
  expect(systemWarnings(failed)).toEqual(['snapshot']);
  expect(systemWarnings({ ...well, config_generation: 6 })).toEqual(['behind']);
});

test('lost, refused, waiting and late records are each said', () => {
  const ledger = { ...well.ledger, records_lost: 1, records_refused: 1, spool_bytes: 1, lag_ms: 60_000 };
  expect(systemWarnings({ ...well, ledger })).toEqual(['lost', 'refused', 'spool', 'lag']);
});

test('requests that nginx refused for want of room are said', () => {
  expect(systemWarnings({ ...well, ledger: { ...well.ledger, requests_refused: 1 } })).toEqual(['room']);
});
