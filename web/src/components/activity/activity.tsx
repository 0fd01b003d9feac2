// SPDX-License-Identifier: MIT
//
// What a key did in the last local days: its sums, its trend as a chart, and
// the same numbers day by day.

import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type KeyRef, statsQuery, trendsQuery } from '@/api/activity';
import { ErrorNote } from '../error-note';
import { Section } from '../section';
import { ActivityDays } from './activity-days';
import { ActivitySums } from './activity-sums';

const ActivityChart = lazy(() => import('./activity-chart'));
const DAYS = ['7', '30', '90'] as const;
const REFRESH_MS = 30_000;

export function Activity({ of }: { of: KeyRef }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<(typeof DAYS)[number]>('7');
  const trend = useQuery({ ...trendsQuery(of, Number(days)), refetchInterval: REFRESH_MS });
  const stats = useQuery({ ...statsQuery(of, Number(days)), refetchInterval: REFRESH_MS });
  const error = trend.error ?? stats.error;

  return (
    <Section
      title={t('activity.title')}
      end={
        <SegmentedControl
          size="xs"
          aria-label={t('activity.days')}
          value={days}
          onChange={setDays}
          data={DAYS.map((value) => ({ value, label: t('activity.lastDays', { count: Number(value) }) }))}
        />
      }
    >
      {error !== null && <ErrorNote error={error} onRetry={() => void trend.refetch()} />}
      {error === null && (trend.data === undefined || stats.data === undefined) && (
        <Skeleton height={300} radius="md" role="status" aria-label={t('common.loading')} />
      )}
      {trend.data !== undefined && stats.data !== undefined && (
        <Stack gap="sm">
          <ActivitySums stats={stats.data} />
          <Suspense fallback={<Skeleton height={180} />}>
            <ActivityChart days={trend.data} second={of.kind === 'client-key' ? 'tokens' : 'cost'} />
          </Suspense>
          <ActivityDays days={trend.data} />
        </Stack>
      )}
    </Section>
  );
}
