// SPDX-License-Identifier: MIT
//
// Models that were used without a price, and the step that gives them one.

import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unpricedQuery } from '@/api/prices';
import { Section } from '@/components/section';
import { Table } from '@/components/table/table';
import { type PricedModel, useUnpricedColumns } from '../hooks/use-unpriced-columns';
import { PriceDialog } from './price-dialog';

interface Props {
  onRerate: () => void;
}

export function UnpricedSection({ onRerate }: Props) {
  const { t } = useTranslation();
  const unpriced = useQuery(unpricedQuery);
  const [set, setSet] = useState<PricedModel | null>(null);
  const columns = useUnpricedColumns({ onSet: setSet, onRerate });
  const rows = unpriced.data ?? [];
  if (rows.length === 0) return null;

  return (
    <Box mb="md">
      <Section title={t('prices.unpriced.title')}>
        <Text size="sm" c="dimmed" mb="sm">{t('prices.unpriced.about')}</Text>
        <Table
          label={t('prices.unpriced.title')}
          columns={columns}
          rows={rows}
          rowId={(row) => `${row.provider?.id} ${row.model}`}
        />
        {set !== null && <PriceDialog list={set.list} model={set.model} onClose={() => setSet(null)} />}
      </Section>
    </Box>
  );
}
