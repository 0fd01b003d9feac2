// SPDX-License-Identifier: MIT
//
// What tokens cost, by list and model, in all versions; what had no price; and
// the ways to change either.

import { Button, Select, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { pricesQuery } from '@/api/prices';
import { EmptyState } from '@/components/empty-state';
import { ListBody } from '@/components/list-body';
import { Page } from '@/components/page';
import { Table } from '@/components/table/table';
import { SearchField, Toolbar } from '@/components/toolbar';
import { matches } from '@/lib/matches';
import { ImportDialog } from './components/import-dialog';
import { RerateDialog } from './components/rerate-dialog';
import { UnpricedSection } from './components/unpriced-section';
import { priceVersions } from './fns/versions';
import { usePriceColumns } from './hooks/use-price-columns';

export function PricesPage() {
  const { t } = useTranslation();
  const { sees, operates } = useRights();
  const prices = useQuery(pricesQuery);
  const columns = usePriceColumns();
  const [search, setSearch] = useState('');
  const [list, setList] = useState<string | null>(null);
  const [withOthers, setWithOthers] = useState(false);
  const [opened, setOpened] = useState<'import' | 'rerate' | null>(null);

  const all = priceVersions(prices.data ?? []);
  const shown = all.filter(
    (row) =>
      (withOthers || row.state === 'current') &&
      (list === null || row.provider === list) &&
      matches(search, row.model, row.provider),
  );
  return (
    <Page
      title={t('prices.title')}
      about={t('prices.about')}
      actions={
        operates && (
          <>
            <Button variant="default" onClick={() => setOpened('rerate')}>{t('prices.rerate.action')}</Button>
            <Button onClick={() => setOpened('import')}>{t('prices.import.action')}</Button>
          </>
        )
      }
    >
      {sees && <UnpricedSection onRerate={() => setOpened('rerate')} />}
      <Toolbar end={t('common.shown', { shown: shown.length, count: all.length })}>
        <SearchField label={t('prices.search')} value={search} onChange={setSearch} />
        <Select
          size="xs"
          aria-label={t('prices.list')}
          placeholder={t('prices.allLists')}
          clearable
          data={[...new Set(all.map((row) => row.provider))]}
          value={list}
          onChange={setList}
        />
        <Switch
          label={t('prices.otherVersions')}
          checked={withOthers}
          onChange={(event) => setWithOthers(event.currentTarget.checked)}
        />
      </Toolbar>
      <ListBody
        isPending={prices.isPending}
        error={prices.error}
        onRetry={() => void prices.refetch()}
        isEmpty={shown.length === 0}
        empty={
          all.length === 0 ? (
            <EmptyState icon="prices" title={t('prices.emptyTitle')} text={t('prices.emptyText')} />
          ) : (
            <EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} />
          )
        }
      >
        <Table label={t('prices.title')} columns={columns} rows={shown} rowId={(row) => row.id} />
      </ListBody>
      {opened === 'import' && <ImportDialog onClose={() => setOpened(null)} />}
      {opened === 'rerate' && <RerateDialog onClose={() => setOpened(null)} />}
    </Page>
  );
}
