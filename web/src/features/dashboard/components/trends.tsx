// SPDX-License-Identifier: MIT
//
// Requests, tokens and cost over the chosen days: by hour for today, else by
// day.

import { SimpleGrid, Skeleton, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { pointsQuery } from '@/api/statistics';
import type { Point } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { exactUsd, formatCount } from '@/lib/format';
import { addUsd } from '@/lib/usd';
import type { Span } from '../fns/search';

const TrendBars = lazy(() => import('./trend-bars'));
const REFRESH_MS = 30_000;
const METRICS = ['requests', 'tokens', 'cost'] as const;

export type Metric = (typeof METRICS)[number];

export function Trends({ days }: { days: Span }) {
  const points = useQuery({
    ...pointsQuery({ days, step: days === 1 ? 'hour' : 'day' }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  if (points.error !== null) return <ErrorNote error={points.error} onRetry={() => void points.refetch()} />;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
      {METRICS.map((metric) => <Trend key={metric} metric={metric} points={points.data} byHour={days === 1} />)}
    </SimpleGrid>
  );
}

function Trend({ metric, points, byHour }: { metric: Metric; points: Point[] | undefined; byHour: boolean }) {
  const { t, i18n } = useTranslation();
  const waiting = <Skeleton height={190} role="status" aria-label={t('common.loading')} />;
  return (
    <Section
      title={t(`metric.${metric}`)}
      end={points !== undefined && (
        <Text span size="sm" fw={600} data-testid={`total-${metric}`}>{total(metric, points, i18n.language)}</Text>
      )}
    >
      {points === undefined ? waiting : (
        <Suspense fallback={waiting}>
          <TrendBars metric={metric} points={points} byHour={byHour} />
        </Suspense>
      )}
    </Section>
  );
}

function total(metric: Metric, points: Point[], language: string): string {
  if (metric === 'cost') return exactUsd(addUsd(points.map((point) => point.cost)));
  return formatCount(points.reduce((sum, point) => sum + point[metric], 0), language);
}
