// SPDX-License-Identifier: MIT
//
// What keeps a provider key from serving, until when, and what brings it back.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RunningRest } from '@/api/types';
import { StateLabel } from '@/components/state-label';
import { useNow } from '@/lib/clock';
import { formatCountdown, formatTime } from '@/lib/format';
import classes from './key-health.module.css';

interface Props {
  rests: RunningRest[];
  /** When they were read: from there they count down. */
  readAt: number;
}

export function RunningRests({ rests, readAt }: Props) {
  const { t } = useTranslation();
  if (rests.length === 0) return null;
  return (
    <>
      <h3 className={classes.part}>{t('providerKeys.healthOf.rests')}</h3>
      <ul className={classes.list}>
        {rests.map((rest) => <Rest key={`${rest.scope} ${rest.model}`} rest={rest} readAt={readAt} />)}
      </ul>
    </>
  );
}

function Rest({ rest, readAt }: { rest: RunningRest; readAt: number }) {
  const { t, i18n } = useTranslation();
  const left = rest.remaining_ms - Math.max(0, useNow() - readAt);
  const why = [
    rest.class === null ? null : t(`health.class.${rest.class}`),
    rest.status === null ? null : `HTTP ${rest.status}`,
    left > 0 ? formatCountdown(left, i18n.language) : null,
  ];
  const time = formatTime(rest.until, i18n.language, false);
  return (
    <li>
      <StateLabel tone={rest.class === 'credential' ? 'bad' : 'warn'} detail={why.filter(Boolean).join(' · ')}>
        {t(`providerKeys.healthOf.scope.${rest.scope}`, { model: rest.model })}
      </StateLabel>
      <Text size="xs" c="dimmed">
        {rest.ends_by.map((way) => t(`providerKeys.healthOf.endsBy.${way}`, { time })).join(' ')}
      </Text>
    </li>
  );
}
