// SPDX-License-Identifier: MIT
//
// What an import adds and changes, model by model.

import { useTranslation } from 'react-i18next';
import type { PriceChange } from '@/api/types';
import { Table } from '@/components/table/table';
import { useDiffColumns } from '../hooks/use-diff-columns';

export function DiffTable({ items }: { items: PriceChange[] }) {
  const { t } = useTranslation();
  const columns = useDiffColumns();
  return (
    <Table
      label={t('prices.import.diff')}
      columns={columns}
      rows={items}
      rowId={({ after }) => `${after.provider} ${after.model} ${after.effective_from} ${after.more}`}
    />
  );
}
