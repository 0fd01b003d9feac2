// SPDX-License-Identifier: MIT
//
// How far a job is: a word, and why it failed.

import { useTranslation } from 'react-i18next';
import type { Job } from '@/api/types';
import { StateLabel, type Tone } from '@/components/state-label';

const TONES: Record<Job['state'], Tone> = { waiting: 'idle', running: 'warn', done: 'ok', failed: 'bad' };

export function isUnderWay(job: Job): boolean {
  return job.state === 'waiting' || job.state === 'running';
}

export function JobState({ job }: { job: Job }) {
  const { t } = useTranslation();
  return (
    <StateLabel tone={TONES[job.state]} detail={job.error}>{t(`jobs.stateName.${job.state}`)}</StateLabel>
  );
}
