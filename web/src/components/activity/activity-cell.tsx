// SPDX-License-Identifier: MIT
//
// The last seven days of a key in its row: two lines. Asked for when the row is
// seen first, so that a long list asks for what is on the screen.

import { useIntersection } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type KeyRef, trendsQuery } from '@/api/activity';
import type { TrendDay } from '@/api/types';
import { exactUsd, formatCount } from '@/lib/format';
import { addUsd } from '@/lib/usd';
import classes from './activity-cell.module.css';
import { Sparkline } from './sparkline';

const DAYS = 7;

export function ActivityCell({ of }: { of: KeyRef }) {
  const { ref, entry } = useIntersection();
  const [wasSeen, setWasSeen] = useState(false);
  if (entry?.isIntersecting && !wasSeen) setWasSeen(true);
  const trend = useQuery({ ...trendsQuery(of, DAYS), enabled: wasSeen });
  return (
    <span ref={ref} className={classes.cell} aria-busy={wasSeen && trend.isPending}>
      {trend.data !== undefined && <Lines days={trend.data} second={of.kind === 'client-key' ? 'tokens' : 'cost'} />}
    </span>
  );
}

function Lines({ days, second }: { days: TrendDay[]; second: 'tokens' | 'cost' }) {
  const { t, i18n } = useTranslation();
  const requests = days.map((day) => day.requests);
  const sum = (values: number[]) => formatCount(values.reduce((all, value) => all + value, 0), i18n.language);
  const others = days.map((day) => Number(day[second]));
  const total = second === 'cost' ? exactUsd(addUsd(days.map((day) => day.cost))) : sum(others);
  return (
    <>
      <Sparkline values={requests} color="var(--ap-series-1)" label={t('activity.line.requests', { total: sum(requests) })} />
      <Sparkline values={others} color="var(--ap-series-3)" label={t(`activity.line.${second}`, { total })} />
    </>
  );
}
