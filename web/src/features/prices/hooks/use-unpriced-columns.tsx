// SPDX-License-Identifier: MIT
//
// The columns of what was used without a price; the last one is the next step.

import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { Unpriced } from '@/api/types';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';
import { formatCount } from '@/lib/format';

export interface PricedModel {
  list: string;
  model: string;
}

interface Actions {
  onSet: (model: PricedModel) => void;
  onRerate: () => void;
}

export function useUnpricedColumns({ onSet, onRerate }: Actions): Column<Unpriced>[] {
  const { t, i18n } = useTranslation();
  const { operates } = useRights();
  return [
    { id: 'model', header: t('logs.model'), heading: true, cell: (row) => row.model ?? t('prices.unpriced.unknown') },
    { id: 'provider', header: t('logs.provider'), cell: (row) => row.provider?.name ?? '–' },
    {
      id: 'requests',
      header: t('prices.unpriced.requests'),
      align: 'end',
      cell: (row) => formatCount(row.requests, i18n.language),
    },
    {
      id: 'tokens',
      header: t('prices.unpriced.tokens'),
      align: 'end',
      cell: (row) => formatCount(row.input_tokens + row.output_tokens, i18n.language),
    },
    { id: 'seen', header: t('prices.unpriced.lastSeen'), show: 'wide', cell: (row) => <Time value={row.last_seen} /> },
    {
      id: 'act',
      header: t('prices.title'),
      cell: (row) => {
        const { model, price_list: list } = row;
        if (!operates || model === null || list === null) return null;
        return row.has_price ? (
          <Button size="compact-xs" variant="default" onClick={onRerate}>{t('prices.rerate.action')}</Button>
        ) : (
          <Button size="compact-xs" onClick={() => onSet({ list, model })}>{t('prices.unpriced.set')}</Button>
        );
      },
    },
  ];
}
