// SPDX-License-Identifier: MIT
//
// What a re-rating changes: in all, and by client key and model.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rerate, RerateRow } from '@/api/types';
import { Figures } from '@/components/figures';
import { type Column, Table } from '@/components/table/table';
import { exactUsd, formatCount } from '@/lib/format';
import { difference } from '../fns/amounts';

export function RerateFigures({ figures }: { figures: NonNullable<Rerate['figures']> }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  const columns: Column<RerateRow>[] = [
    { id: 'key', header: t('logs.clientKey'), heading: true, cell: (row) => row.client_key?.name ?? '–' },
    { id: 'model', header: t('logs.model'), cell: (row) => row.model ?? '–' },
    { id: 'old', header: t('prices.rerate.old'), align: 'end', cell: (row) => exactUsd(row.old_cost) },
    { id: 'new', header: t('prices.rerate.new'), align: 'end', cell: (row) => exactUsd(row.new_cost) },
    {
      id: 'difference',
      header: t('prices.rerate.difference'),
      align: 'end',
      cell: (row) => difference(row.old_cost, row.new_cost),
    },
  ];
  return (
    <>
      <Figures
        figures={[
          { label: t('prices.rerate.changed'), value: count(figures.changed) },
          { label: t('prices.rerate.old'), value: exactUsd(figures.old_cost) },
          { label: t('prices.rerate.new'), value: exactUsd(figures.new_cost) },
          { label: t('prices.rerate.difference'), value: difference(figures.old_cost, figures.new_cost) },
          {
            label: t('prices.rerate.unpriced'),
            value: t('prices.rerate.unpricedOf', {
              before: count(figures.unpriced_before),
              after: count(figures.unpriced_after),
            }),
          },
        ]}
      />
      {figures.items.length > 0 && (
        <Table
          label={t('prices.rerate.items')}
          columns={columns}
          rows={figures.items}
          rowId={(row) => `${row.client_key?.id} ${row.model}`}
        />
      )}
      {figures.left_out > 0 && (
        <Text size="xs" c="dimmed">{t('prices.rerate.leftOut', { count: figures.left_out })}</Text>
      )}
    </>
  );
}
