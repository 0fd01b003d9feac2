// SPDX-License-Identifier: MIT
//
// The sums over the days shown.

import { useTranslation } from 'react-i18next';
import type { KeyStats } from '@/api/types';
import { exactUsd, formatCount, formatShare, formatSpan, shortUsd } from '@/lib/format';
import { Figures } from '../figures';

export function ActivitySums({ stats }: { stats: KeyStats }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  return (
    <Figures
      figures={[
        { label: t('metric.requests'), value: formatCount(stats.requests, language) },
        { label: t('metric.successRate'), value: formatShare(stats.success_rate, language) },
        { label: t('metric.tokens'), value: formatCount(stats.tokens, language) },
        {
          label: t('metric.cost'),
          value: shortUsd(stats.cost, language),
          title: exactUsd(stats.cost),
          note: stats.unpriced > 0 ? t('metric.unpriced', { count: stats.unpriced }) : undefined,
        },
        { label: t('metric.median'), value: formatSpan(stats.p50_ms, language) },
        { label: t('metric.p99'), value: formatSpan(stats.p99_ms, language) },
      ]}
    />
  );
}
