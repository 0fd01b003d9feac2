// SPDX-License-Identifier: MIT
//
// What became of a request: its status, and the outcome where it was not well.

import { useTranslation } from 'react-i18next';
import type { Trace } from '@/api/types';
import { StateLabel, type Tone } from '@/components/state-label';

const TONES: Record<Trace['outcome'], Tone> = {
  success: 'ok',
  rejected: 'warn',
  failed: 'bad',
  aborted: 'idle',
};

export function OutcomeLabel({ record }: { record: Pick<Trace, 'outcome' | 'status' | 'error_code'> }) {
  const { t } = useTranslation();
  const { outcome, status, error_code } = record;
  const word = t(`outcome.${outcome}`);
  return (
    <span style={{ whiteSpace: 'nowrap' }} title={error_code === null ? word : `${word}: ${error_code}`}>
      <StateLabel tone={TONES[outcome]} detail={outcome === 'success' ? null : word}>
        {status === 0 ? '–' : status}
      </StateLabel>
    </span>
  );
}
