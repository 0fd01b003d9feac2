// SPDX-License-Identifier: MIT
//
// What a rule counts, as people write it.

import type { AlertRule } from '@/api/types';
import { exactUsd, formatCount, formatLongSpan } from '@/lib/format';

type Unit = AlertRule['unit'];

const MIB = 'MiB';

export function formatAlertValue(unit: Unit, value: string | null, language: string): string {
  if (value === null) return '–';
  if (unit === 'usd') return exactUsd(value);
  const count = formatCount(Number(value), language);
  if (unit === 'percent') return `${count} %`;
  if (unit === 'mebibytes') return `${count} ${MIB}`;
  if (unit !== 'seconds') return count;
  return Number(value) > 0 ? formatLongSpan(Number(value) * 1000, language) : '0';
}

/** What stands behind the field of a threshold. */
export function suffixOf(unit: Unit): string {
  if (unit === 'usd') return 'USD';
  if (unit === 'percent') return '%';
  if (unit === 'mebibytes') return MIB;
  return unit === 'seconds' ? 's' : '';
}
