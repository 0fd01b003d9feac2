// SPDX-License-Identifier: MIT
//
// What happened to a provider key, newest first.

import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { HealthEntry } from '@/api/types';
import { TextLink } from '@/components/links';
import { StateLabel, type Tone } from '@/components/state-label';
import { Time } from '@/components/time';
import { formatSpan, formatTime } from '@/lib/format';
import classes from './key-health.module.css';

interface Props {
  entries: HealthEntry[];
  onOlder: (() => void) | null;
  isLoading: boolean;
}

function toneOf(entry: HealthEntry): Tone {
  if (entry.verdict === 'good' || entry.verdict === 'ended') return 'ok';
  if (entry.verdict === 'unclear') return 'idle';
  return entry.verdict === 'key_dead' ? 'bad' : 'warn';
}

export function HealthHistory({ entries, onOlder, isLoading }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className={classes.part}>{t('providerKeys.healthOf.history')}</h3>
      {entries.length === 0 && <Text size="sm" c="dimmed">{t('providerKeys.healthOf.historyEmpty')}</Text>}
      <ul className={classes.list}>
        {entries.map((entry) => <Entry key={`${entry.source} ${entry.began_at} ${entry.verdict}`} entry={entry} />)}
      </ul>
      {onOlder !== null && (
        <Button variant="default" size="xs" mt={6} loading={isLoading} onClick={onOlder}>
          {t('providerKeys.healthOf.older')}
        </Button>
      )}
    </>
  );
}

function Entry({ entry }: { entry: HealthEntry }) {
  const { t, i18n } = useTranslation();
  const at = (time: string) => formatTime(time, i18n.language, false);
  const what = [
    t(`providerKeys.healthOf.source.${entry.source}`),
    entry.model,
    entry.status === null ? null : `HTTP ${entry.status}`,
    entry.error,
    entry.took_ms === null ? null : formatSpan(entry.took_ms, i18n.language),
    entry.rest_until === null ? null : t('providerKeys.healthOf.restUntil', { time: at(entry.rest_until) }),
    entry.times === 1 ? null : t('providerKeys.healthOf.times', { count: entry.times, time: at(entry.began_at) }),
  ];
  return (
    <li className={classes.entry}>
      <Time value={entry.last_at} />
      <StateLabel tone={toneOf(entry)} detail={what.filter(Boolean).join(' · ')}>
        {t(`providerKeys.healthOf.verdict.${entry.verdict}`, { name: entry.username })}
      </StateLabel>
      {entry.request_id !== null && (
        <TextLink to="/logs" search={{ record: entry.request_id }} size="xs">{t('system.events.showRecord')}</TextLink>
      )}
    </li>
  );
}
