// SPDX-License-Identifier: MIT
//
// The attempts of a request, one under the other, on one scale of time.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Attempt, TraceDetail } from '@/api/types';
import { StateLabel, type Tone } from '@/components/state-label';
import { Tag } from '@/components/tag';
import { formatLongSpan, formatSpan } from '@/lib/format';
import { barsOf, type Phase, scaleOf } from './fns/waterfall';
import classes from './attempt-timeline.module.css';

const TONES: Record<Attempt['result'], Tone> = { passed: 'ok', next: 'warn', failed: 'bad' };
const PHASES: Phase[] = ['connect', 'wait', 'answer'];

export function AttemptTimeline({ record }: { record: TraceDetail }) {
  const { t, i18n } = useTranslation();
  const attempts = record.attempt_list;
  if (attempts.length === 0) return <Text size="sm" c="dimmed">{t('logs.detail.noAttempts')}</Text>;
  const scale = scaleOf(record.duration_ms, attempts);

  return (
    <>
      <ol className={classes.list}>
        {attempts.map((attempt) => (
          <li key={attempt.number} className={classes.attempt}>
            <Heading attempt={attempt} />
            <div className={classes.track}>
              {barsOf(attempt, scale).map((bar) => (
                <span
                  key={bar.phase}
                  className={classes.bar}
                  data-phase={bar.phase}
                  style={{ left: `${bar.left}%`, width: `max(2px, ${bar.width}%)` }}
                  title={`${t(`logs.phase.${bar.phase}`)}: ${formatSpan(bar.ms, i18n.language)}`}
                />
              ))}
            </div>
            <Notes attempt={attempt} />
          </li>
        ))}
      </ol>
      <div className={classes.legend}>
        {PHASES.map((phase) => (
          <span key={phase}><i data-phase={phase} />{t(`logs.phase.${phase}`)}</span>
        ))}
        <span className={classes.scale}>{formatSpan(scale, i18n.language)}</span>
      </div>
    </>
  );
}

function Heading({ attempt }: { attempt: Attempt }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes.heading}>
      <span>
        <b className={classes.number}>{attempt.number}</b>
        {attempt.provider_key.name}
        <Text span size="xs" c="dimmed" ml={6}>{attempt.provider.name}</Text>
      </span>
      <StateLabel tone={TONES[attempt.result]} detail={formatSpan(attempt.duration_ms, i18n.language)}>
        {attempt.status ?? t('logs.detail.noAnswer')} · {t(`logs.result.${attempt.result}`)}
      </StateLabel>
    </div>
  );
}

function Notes({ attempt }: { attempt: Attempt }) {
  const { t, i18n } = useTranslation();
  const notes = [
    attempt.waited_ms === null ? null : t('logs.detail.waited', { span: formatSpan(attempt.waited_ms, i18n.language) }),
    attempt.trial ? t('logs.detail.trial') : null,
    attempt.class === null ? null : t(`health.class.${attempt.class}`),
    attempt.verdict === null ? null : t('logs.detail.verdict', { verdict: t(`verdict.${attempt.verdict}`) }),
    attempt.error_name,
    attempt.rest_ms === null ? null : t('logs.detail.rests', { span: formatLongSpan(attempt.rest_ms, i18n.language) }),
    attempt.uncertain ? t('logs.detail.uncertain') : null,
  ].filter(Boolean);
  return (
    <div className={classes.notes}>
      <span>{attempt.address}</span>
      {attempt.reused && <Tag>{t('logs.detail.reused')}</Tag>}
      {notes.length > 0 && <span>{notes.join(' · ')}</span>}
    </div>
  );
}
