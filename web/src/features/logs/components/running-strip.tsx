// SPDX-License-Identifier: MIT
//
// The requests that have no record yet, for they still run.

import { Collapse, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { runningQuery } from '@/api/logs';
import type { RunningRequest } from '@/api/types';
import { Icon } from '@/components/icons';
import { useNow } from '@/lib/clock';
import { formatLongSpan } from '@/lib/format';
import classes from './running-strip.module.css';

const REFRESH_MS = 3_000;

export function RunningStrip({ live }: { live: boolean }) {
  const { t } = useTranslation();
  const [opened, fold] = useDisclosure(false);
  const running = useQuery({ ...runningQuery, refetchInterval: live ? REFRESH_MS : false });
  const items = running.data?.items ?? [];
  if (items.length === 0) return null;

  return (
    <div className={classes.strip}>
      <UnstyledButton className={classes.head} onClick={fold.toggle} aria-expanded={opened}>
        <span className={classes.pulse} />
        {t('logs.running', { count: items.length })}
        <Icon name={opened ? 'sortUp' : 'sortDown'} />
      </UnstyledButton>
      <Collapse expanded={opened}>
        <ul className={classes.list}>
          {items.map((item) => <Running key={item.request_id} item={item} />)}
        </ul>
      </Collapse>
    </div>
  );
}

function Running({ item }: { item: RunningRequest }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  return (
    <li className={classes.item}>
      <span className={classes.age}>{formatLongSpan(Math.max(0, now - Date.parse(item.started_at)), i18n.language)}</span>
      <span>{item.model ?? t(`dialect.${item.dialect}`)}</span>
      <Text span size="sm" c="dimmed">
        {[item.client_key?.name, item.provider_key?.name].filter(Boolean).join(' → ')}
      </Text>
    </li>
  );
}
