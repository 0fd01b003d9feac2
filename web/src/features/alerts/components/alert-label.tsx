// SPDX-License-Identifier: MIT
//
// How an alert stands, and what it is about.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Alert } from '@/api/types';
import { StateLabel, type Tone } from '@/components/state-label';

function toneOf(alert: Alert): Tone {
  if (alert.state === 'resolved') return 'ok';
  if (alert.state === 'acknowledged') return 'idle';
  return alert.severity === 'critical' ? 'bad' : 'warn';
}

export function AlertState({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  return <StateLabel tone={toneOf(alert)}>{t(`alerts.stateName.${alert.state}`)}</StateLabel>;
}

export function AlertSubject({ alert: { subject } }: { alert: Alert }) {
  const { t } = useTranslation();
  return (
    <>
      {subject.name !== '' && <>{subject.name}{' '}</>}
      <Text span size="xs" c="dimmed">{t(`alerts.subject.${subject.type}`)}</Text>
    </>
  );
}
