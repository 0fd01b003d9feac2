// SPDX-License-Identifier: MIT
//
// Where the bars of the attempts stand, in percent of the request's time.

import type { Attempt } from '@/api/types';

export type Phase = 'connect' | 'wait' | 'answer';

export interface Bar {
  phase: Phase;
  left: number;
  width: number;
  ms: number;
}

/** The whole scale: the request's span, or longer if an attempt says so. */
export function scaleOf(durationMs: number, attempts: readonly Attempt[]): number {
  return Math.max(durationMs, ...attempts.map((attempt) => attempt.started_ms + attempt.duration_ms), 0.001);
}

/** Connecting, waiting for the first byte, and the answer, one after the other. */
export function barsOf(attempt: Attempt, scale: number): Bar[] {
  const end = attempt.duration_ms;
  const connected = Math.min(attempt.connect_ms ?? 0, end);
  const answered = Math.min(Math.max(attempt.first_byte_ms ?? end, connected), end);
  const spans: [Phase, number, number][] = [
    ['connect', 0, connected],
    ['wait', connected, answered],
    ['answer', answered, end],
  ];
  return spans
    .filter(([, from, to]) => to > from)
    .map(([phase, from, to]) => ({
      phase,
      left: ((attempt.started_ms + from) / scale) * 100,
      width: ((to - from) / scale) * 100,
      ms: to - from,
    }));
}
