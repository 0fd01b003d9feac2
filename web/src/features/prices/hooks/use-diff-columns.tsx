// SPDX-License-Identifier: MIT
//
// The columns of what an import changes.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PriceChange } from '@/api/types';
import { StateLabel } from '@/components/state-label';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';
import { changedTerms } from '../fns/amounts';

export function useDiffColumns(): Column<PriceChange>[] {
  const { t } = useTranslation();
  return [
    { id: 'model', header: t('logs.model'), heading: true, cell: ({ after }) => after.model },
    { id: 'list', header: t('prices.list'), cell: ({ after }) => after.provider },
    {
      id: 'state',
      header: t('prices.import.stateLabel'),
      cell: ({ state }) => (
        <StateLabel tone={state === 'added' ? 'ok' : 'warn'}>{t(`prices.import.state.${state}`)}</StateLabel>
      ),
    },
    { id: 'terms', header: t('prices.title'), cell: (item) => <Terms item={item} /> },
    {
      id: 'from',
      header: t('prices.import.from'),
      cell: ({ after }) =>
        after.effective_from === null ? t('prices.import.always') : <Time value={after.effective_from} />,
    },
  ];
}

function Terms({ item }: { item: PriceChange }) {
  return (
    <>
      {changedTerms(item.before, item.after).map((term) => (
        <Text key={term.name} size="xs" component="div">
          {term.name} {item.before === null ? '' : `${term.before ?? '–'} → `}{term.after ?? '–'}
        </Text>
      ))}
    </>
  );
}
