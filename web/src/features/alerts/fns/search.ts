// SPDX-License-Identifier: MIT
//
// What the address of the alerts' page may say.

import { readId } from '@/lib/opened';

export const TABS = ['alerts', 'rules', 'channels'] as const;
export const STATES = ['open', 'firing', 'acknowledged', 'resolved', 'all'] as const;
export const SEVERITIES = ['warning', 'critical'] as const;

export type Tab = (typeof TABS)[number];
export type ShownState = (typeof STATES)[number];
export type Severity = (typeof SEVERITIES)[number];

export interface AlertSearch {
  tab?: Tab;
  /** Absent: those that are not resolved. */
  state?: ShownState;
  severity?: Severity;
  rule?: number;
  /** The alert that is shown whole. */
  open?: number;
}

function readOneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}

export function readAlertSearch(search: Record<string, unknown>): AlertSearch {
  const tab = readOneOf(TABS, search['tab']);
  const state = readOneOf(STATES, search['state']);
  const severity = readOneOf(SEVERITIES, search['severity']);
  const rule = readId(search['rule']);
  const open = readId(search['open']);
  return {
    ...(tab !== undefined && tab !== 'alerts' && { tab }),
    ...(state !== undefined && state !== 'open' && { state }),
    ...(severity !== undefined && { severity }),
    ...(rule !== undefined && { rule }),
    ...(open !== undefined && { open }),
  };
}

/** What the API is asked for. */
export function filterOf({ state, severity, rule }: AlertSearch) {
  return {
    ...(state === undefined && { open: true }),
    ...(state !== undefined && state !== 'open' && state !== 'all' && { state }),
    ...(severity !== undefined && { severity }),
    ...(rule !== undefined && { rule_id: rule }),
  };
}
