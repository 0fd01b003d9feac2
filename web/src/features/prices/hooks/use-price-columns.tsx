// SPDX-License-Identifier: MIT
//
// The columns of the price table.

import { useTranslation } from 'react-i18next';
import { NameText } from '@/components/name-button';
import { StateLabel, type Tone } from '@/components/state-label';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';
import { exactUsd, formatCount } from '@/lib/format';
import type { PriceState, PriceVersion } from '../fns/versions';

const TONES: Record<PriceState, Tone> = { current: 'ok', past: 'idle', future: 'warn' };
const PLAIN = ['input', 'output', 'cache_read', 'cache_write_short', 'cache_write_long'] as const;

export function usePriceColumns(): Column<PriceVersion>[] {
  const { t, i18n } = useTranslation();
  return [
    { id: 'model', header: t('logs.model'), heading: true, sort: (row) => row.model, cell: (row) => <NameText name={row.model} /> },
    { id: 'list', header: t('prices.list'), sort: (row) => row.provider, cell: (row) => row.provider },
    {
      id: 'state',
      header: t('prices.state.label'),
      show: 'wide',
      cell: (row) => (
        <StateLabel
          tone={TONES[row.state]}
          detail={row.effective_from === null ? null : <Time value={row.effective_from} />}
        >
          {t(`prices.state.${row.state}`)}
        </StateLabel>
      ),
    },
    ...PLAIN.map((name): Column<PriceVersion> => ({
      id: name,
      header: t(`prices.column.${name}`),
      align: 'end',
      ...(name.startsWith('cache_write') && { show: 'widest' as const }),
      sort: (row) => Number(row[name] ?? -1),
      cell: (row) => exactUsd(row[name]),
    })),
    {
      id: 'tier',
      header: t('prices.tier'),
      show: 'widest',
      cell: (row) =>
        row.tier_at === null
          ? '–'
          : t('prices.tierOf', {
              tokens: formatCount(row.tier_at, i18n.language),
              input: exactUsd(row.tier_input),
              output: exactUsd(row.tier_output),
            }),
    },
  ];
}
