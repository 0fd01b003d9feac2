// SPDX-License-Identifier: MIT
//
// Who or what used most, with its share of the whole.

import { NativeSelect, Skeleton, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { rankingQuery } from '@/api/statistics';
import type { Ranked } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { TextLink } from '@/components/links';
import { Section } from '@/components/section';
import { exactUsd, formatCount, formatShare, shortUsd } from '@/lib/format';
import { DIMENSIONS, type DashboardSearch, type Dimension, type Order, ORDERS, readDashboardSearch, type Span } from '../fns/search';
import classes from './shares.module.css';

interface Props {
  days: Span;
  by: Dimension;
  order: Order;
  onChange: (changes: DashboardSearch) => void;
}

const REFRESH_MS = 30_000;

export function Top({ days, by, order, onChange }: Props) {
  const { t } = useTranslation();
  const ranking = useQuery({
    ...rankingQuery({ by, days, order }),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  const rows = ranking.data?.items ?? [];
  return (
    <Section
      title={t('dashboard.top')}
      end={
        <div className={classes.choices}>
          <NativeSelect
            size="xs"
            w={140}
            aria-label={t('dashboard.by')}
                        value={by}
            onChange={(event) => onChange(readDashboardSearch({ by: event.currentTarget.value }))}
            data={DIMENSIONS.map((value) => ({ value, label: t(`dashboard.dimension.${value}`) }))}
          />
          <NativeSelect
            size="xs"
            w={110}
            aria-label={t('dashboard.order')}
                        value={order}
            onChange={(event) => onChange(readDashboardSearch({ order: event.currentTarget.value }))}
            data={ORDERS.map((value) => ({ value, label: t(`metric.${value}`) }))}
          />
        </div>
      }
    >
      {ranking.error !== null && <ErrorNote error={ranking.error} onRetry={() => void ranking.refetch()} />}
      {ranking.isPending && <Skeleton height={160} role="status" aria-label={t('common.loading')} />}
      {ranking.isSuccess && rows.length === 0 && <Text size="sm" c="dimmed" py="sm">{t('dashboard.nothing')}</Text>}
      {rows.length > 0 && (
        <ol className={classes.list}>
          {rows.map((row) => (
            <li key={`${row.id}-${row.name}`} className={classes.row}>
              <div className={classes.line}>
                <Name row={row} by={by} />
                <Value row={row} order={order} />
              </div>
              <div className={classes.track} aria-hidden="true">
                <span style={{ width: `${(row.share ?? 0) * 100}%` }} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function Name({ row, by }: { row: Ranked; by: Dimension }) {
  const { t } = useTranslation();
  if (row.name === null) return <Text span size="sm" c="dimmed">{t('dashboard.noName')}</Text>;
  if (by === 'model') return <TextLink to="/logs" search={{ model: row.name }} size="sm">{row.name}</TextLink>;
  if (row.id === null || by === 'user') return <Text span size="sm">{row.name}</Text>;
  return <TextLink to="/logs" search={{ [`${by}_id`]: row.id }} size="sm">{row.name}</TextLink>;
}

function Value({ row, order }: { row: Ranked; order: Order }) {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return (
    <span className={classes.value} title={order === 'cost' ? exactUsd(row.cost) : undefined}>
      {order === 'cost' ? shortUsd(row.cost, language) : formatCount(row[order], language)}
      <span className={classes.share}>{formatShare(row.share, language)}</span>
    </span>
  );
}
