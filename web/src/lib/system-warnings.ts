// SPDX-License-Identifier: MIT
//
// What on the status page deserves a look.

import type { SystemStatus } from '@/api/types';

export type Warning = 'snapshot' | 'behind' | 'lost' | 'refused' | 'spool' | 'lag' | 'room';

const LAG_MS = 10_000;

export function systemWarnings(status: SystemStatus): Warning[] {
  const { snapshot, ledger } = status;
  const found: Warning[] = [];
  if (snapshot.error !== null) found.push('snapshot');
  else if (snapshot.generation < status.config_generation) found.push('behind');
  if (ledger.records_lost > 0) found.push('lost');
  if (ledger.records_refused > 0) found.push('refused');
  if (ledger.spool_bytes > 0) found.push('spool');
  if (ledger.lag_ms > LAG_MS) found.push('lag');
  if (ledger.requests_refused > 0) found.push('room');
  return found;
}
