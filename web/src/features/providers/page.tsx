// SPDX-License-Identifier: MIT
//
// The vendors that requests go to.

import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { providerKeysQuery } from '@/api/provider-keys';
import { deleteProvider, providersQuery, updateProvider } from '@/api/providers';
import type { Provider } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { ListBody } from '@/components/list-body';
import { Page } from '@/components/page';
import { RemovalDialog } from '@/components/removal-dialog';
import { Table } from '@/components/table/table';
import { SearchField, Toolbar } from '@/components/toolbar';
import { matches } from '@/lib/matches';
import { useEnabling, useRemoval } from '@/lib/row-actions';
import { PreviewDialog } from './components/preview-dialog';
import { ProviderDialog } from './components/provider-dialog';
import { useProviderColumns } from './hooks/use-provider-columns';

export function ProvidersPage() {
  const { t } = useTranslation();
  const rights = useRights();
  const providers = useQuery(providersQuery);
  const keys = useQuery(providerKeysQuery);
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Provider | 'new' | null>(null);
  const [previewed, setPreviewed] = useState<Provider | null>(null);
  const removal = useRemoval<Provider>({
    remove: deleteProvider,
    changes: [providersQuery.queryKey],
    done: (name) => t('providers.deleted', { name }),
  });
  const enabling = useEnabling<Provider>({
    change: (id, is_enabled) => updateProvider(id, { is_enabled }),
    list: providersQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });

  const all = providers.data ?? [];
  const shown = all.filter((row) => matches(search, row.name, row.base_url, row.dialects.join(' ')));
  const columns = useProviderColumns({
    keys: keys.data ?? [],
    onEdit: setEdited,
    onPreview: setPreviewed,
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
  });
  const add = rights.operates && (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setEdited('new')}>
      {t('providers.add')}
    </Button>
  );

  return (
    <Page title={t('providers.title')} about={t('providers.about')} actions={add}>
      <Toolbar end={t('common.shown', { shown: shown.length, count: all.length })}>
        <SearchField label={t('providers.search')} value={search} onChange={setSearch} />
      </Toolbar>
      {enabling.error !== null && <ErrorNote error={enabling.error} />}
      <ListBody
        isPending={providers.isPending}
        error={providers.error}
        onRetry={() => void providers.refetch()}
        isEmpty={shown.length === 0}
        empty={
          all.length === 0 ? (
            <EmptyState icon="provider" title={t('providers.emptyTitle')} text={t('providers.emptyText')} action={add} />
          ) : (
            <EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} />
          )
        }
      >
        <Table
          label={t('providers.title')}
          columns={columns}
          rows={shown}
          rowId={(row) => row.id}
          onOpen={setEdited}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {edited !== null && (
        <ProviderDialog provider={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {previewed !== null && <PreviewDialog provider={previewed} onClose={() => setPreviewed(null)} />}
      <RemovalDialog removal={removal} title={t('providers.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('providers.deleteText')}</Text>
      </RemovalDialog>
    </Page>
  );
}
