// SPDX-License-Identifier: MIT
//
// Whether a background task goes well.

import type { Task } from '@/api/types';

export function taskState({ failures, started_at, ended_at }: Pick<Task, 'failures' | 'started_at' | 'ended_at'>) {
  if (failures > 0) return 'failing';
  if (ended_at !== null) return 'good';
  return started_at === null ? 'never' : 'runs';
}
