// SPDX-License-Identifier: MIT
//
// Today beside yesterday up to this time of the day.

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { overviewQuery } from '@/api/statistics';
import type { KeyStats } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { Figures } from '@/components/figures';
import { Section } from '@/components/section';
import { exactUsd, formatCount, formatShare, formatSpan, shortUsd } from '@/lib/format';
import { changeOf } from '../fns/change';

const REFRESH_MS = 10_000;
const METRICS = ['requests', 'successRate', 'tokens', 'cost', 'median', 'p99'] as const;

export function Today() {
  const { t } = useTranslation();
  const overview = useQuery({ ...overviewQuery, refetchInterval: REFRESH_MS });
  return (
    <Section title={t('dashboard.todayTitle')}>
      {overview.error !== null && <ErrorNote error={overview.error} onRetry={() => void overview.refetch()} />}
      {overview.isPending && <Waiting />}
      {overview.data !== undefined && (
        <Comparison now={overview.data.today} before={overview.data.yesterday_so_far} />
      )}
    </Section>
  );
}

/** As high as what comes, for as many rows as there are. */
function Waiting() {
  const { t } = useTranslation();
  return (
    <Skeleton role="status" aria-label={t('common.loading')}>
      <Figures
        figures={METRICS.map((metric) => ({
          label: t(`metric.${metric}`), value: '–', note: t('dashboard.yesterday', { value: '–' }),
        }))}
      />
    </Skeleton>
  );
}

function Comparison({ now, before }: { now: KeyStats; before: KeyStats }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  const yesterday = (value: string, change: number | null = null) => {
    const percent = change === null ? null : new Intl.NumberFormat(language, {
      style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero',
    }).format(change);
    return [t('dashboard.yesterday', { value }), percent].filter(Boolean).join(' · ');
  };
  return (
    <Figures
      figures={[
        {
          label: t('metric.requests'),
          value: formatCount(now.requests, language),
          note: yesterday(formatCount(before.requests, language), changeOf(now.requests, before.requests)),
        },
        {
          label: t('metric.successRate'),
          value: formatShare(now.success_rate, language),
          note: yesterday(formatShare(before.success_rate, language)),
        },
        {
          label: t('metric.tokens'),
          value: formatCount(now.tokens, language),
          note: yesterday(formatCount(before.tokens, language), changeOf(now.tokens, before.tokens)),
        },
        {
          label: t('metric.cost'),
          value: shortUsd(now.cost, language),
          title: exactUsd(now.cost),
          note: now.unpriced > 0
            ? t('metric.unpriced', { count: now.unpriced })
            : yesterday(shortUsd(before.cost, language), changeOf(Number(now.cost), Number(before.cost))),
        },
        {
          label: t('metric.median'),
          value: formatSpan(now.p50_ms, language),
          note: yesterday(formatSpan(before.p50_ms, language)),
        },
        {
          label: t('metric.p99'),
          value: formatSpan(now.p99_ms, language),
          note: yesterday(formatSpan(before.p99_ms, language)),
        },
      ]}
    />
  );
}
