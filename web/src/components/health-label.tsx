// SPDX-License-Identifier: MIT
//
// What the gateway knows of a provider key: its state, why, and until when.

import { useTranslation } from 'react-i18next';
import type { Health } from '@/api/types';
import { useNow } from '@/lib/clock';
import { formatCountdown } from '@/lib/format';
import { StateLabel, type Tone } from './state-label';

const TONES: Record<Health['state'], Tone> = {
  ready: 'ok',
  trial: 'warn',
  resting: 'warn',
  expired: 'bad',
  disabled: 'idle',
  unknown: 'idle',
};

interface Props {
  health: Health;
  /** When the health was read: from there the rest counts down. */
  readAt: number;
}

export function HealthLabel({ health, readAt }: Props) {
  const { t } = useTranslation();
  const reason = health.class === null ? null : t(`health.class.${health.class}`);
  const status = health.status === null ? null : `HTTP ${health.status}`;
  const why = [reason, status].filter(Boolean).join(', ');
  const tone = health.class === 'credential' ? 'bad' : TONES[health.state];

  if (health.state !== 'resting') {
    return <StateLabel tone={TONES[health.state]}>{t(`health.state.${health.state}`)}</StateLabel>;
  }
  return (
    <StateLabel tone={tone} detail={<>{why} <Remaining ms={health.remaining_ms} readAt={readAt} /></>}>
      {t('health.state.resting')}
    </StateLabel>
  );
}

function Remaining({ ms, readAt }: { ms: number; readAt: number }) {
  const { i18n } = useTranslation();
  const now = useNow();
  const left = ms - Math.max(0, now - readAt);
  return left > 0 ? <span style={{ whiteSpace: 'nowrap' }}>· {formatCountdown(left, i18n.language)}</span> : null;
}
