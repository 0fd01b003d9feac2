// SPDX-License-Identifier: MIT
//
// The credentials held for providers, and how each of them fares.

import { Button, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clientKeysQuery } from '@/api/client-keys';
import { deleteProviderKey, providerKeysQuery, updateProviderKey } from '@/api/provider-keys';
import { providersQuery } from '@/api/providers';
import type { Provider, ProviderKey } from '@/api/types';
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
import { ImportButton } from './components/import-button';
import { ProviderKeyDialog } from './components/provider-key-dialog';
import { ProviderKeyDrawer } from './components/provider-key-drawer';
import { useHealthActions } from './hooks/use-health-actions';
import { useProviderKeyColumns } from './hooks/use-provider-key-columns';

const route = getRouteApi('/shell/provider-keys');
const REFRESH_MS = 5_000;

export function ProviderKeysPage() {
  const { t } = useTranslation();
  const { provider, open } = route.useSearch();
  const navigate = route.useNavigate();
  const keys = useQuery({ ...providerKeysQuery, refetchInterval: REFRESH_MS });
  const providers = useQuery(providersQuery);
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<ProviderKey | 'new' | null>(null);
  const removal = useRemoval<ProviderKey>({
    remove: deleteProviderKey,
    changes: [providerKeysQuery.queryKey, clientKeysQuery.queryKey],
    done: (name) => t('providerKeys.deleted', { name }),
  });
  const enabling = useEnabling<ProviderKey>({
    change: (id, is_enabled) => updateProviderKey(id, { is_enabled }),
    list: providerKeysQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });

  const { check } = useHealthActions();

  const all = keys.data ?? [];
  const shown = all.filter(
    (row) => (provider === undefined || row.provider_id === provider) && matches(search, row.name),
  );
  const show = (row: ProviderKey | null) =>
    void navigate({
      search: { ...(provider !== undefined && { provider }), ...(row !== null && { open: row.id }) },
      resetScroll: false,
    });
  const opened = all.find((row) => row.id === open);
  const providerOf = (row: ProviderKey) => providers.data?.find(({ id }) => id === row.provider_id);
  const columns = useProviderKeyColumns({
    onOpen: show,
    providers: providers.data ?? [],
    readAt: keys.dataUpdatedAt,
    onEdit: setEdited,
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
    onCheck: check.mutate,
    onShowLogs: (row) => void navigate({ to: '/logs', search: { provider_key_id: row.id } }),
  });
  const add = (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setEdited('new')}>
      {t('providerKeys.add')}
    </Button>
  );
  const taken = all.map((row) => row.name);

  return (
    <Page
      title={t('providerKeys.title')}
      about={t('providerKeys.about')}
      actions={<><ImportButton providers={providers.data ?? []} provider={provider} taken={taken} />{add}</>}
    >
      <Toolbar end={t('common.shown', { shown: shown.length, count: all.length })}>
        <SearchField label={t('providerKeys.search')} value={search} onChange={setSearch} />
        <ProviderFilter providers={providers.data ?? []} />
      </Toolbar>
      {enabling.error !== null && <ErrorNote error={enabling.error} />}
      {check.error !== null && <ErrorNote error={check.error} />}
      <ListBody
        isPending={keys.isPending}
        error={keys.error}
        onRetry={() => void keys.refetch()}
        isEmpty={shown.length === 0}
        empty={
          all.length === 0 ? (
            <EmptyState
              icon="providerKey"
              title={t('providerKeys.emptyTitle')}
              text={t('providerKeys.emptyText')}
              action={add}
            />
          ) : (
            <EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} action={add} />
          )
        }
      >
        <Table
          label={t('providerKeys.title')}
          columns={columns}
          rows={shown}
          rowId={(row) => row.id}
          onOpen={show}
          isCurrent={(row) => row.id === open}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {opened !== undefined && edited === null && (
        <ProviderKeyDrawer
          providerKey={opened}
          providerName={providerOf(opened)?.name ?? ''}
          grant={providerOf(opened)?.oauth?.grant}
          readAt={keys.dataUpdatedAt}
          onEdit={() => setEdited(opened)}
          onClose={() => show(null)}
        />
      )}
      {edited !== null && (
        <ProviderKeyDialog
          providerKey={edited === 'new' ? null : edited}
          providers={providers.data ?? []}
          provider={provider}
          onCreated={show}
          onClose={() => setEdited(null)}
        />
      )}
      <RemovalDialog removal={removal} title={t('providerKeys.deleteTitle', { name: removal.asked?.name })}>
        <Consequence providerKey={removal.asked} />
      </RemovalDialog>
    </Page>
  );
}

/** Shows the keys of one provider; the address says of which. */
function ProviderFilter({ providers }: { providers: Provider[] }) {
  const { t } = useTranslation();
  const { provider } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Select
      size="xs"
      aria-label={t('providerKeys.provider')}
      placeholder={t('providerKeys.allProviders')}
      clearable
      data={providers.map((row) => ({ value: String(row.id), label: row.name }))}
      value={provider?.toString() ?? null}
      onChange={(value) => void navigate({ search: value === null ? {} : { provider: Number(value) }, replace: true })}
    />
  );
}

function Consequence({ providerKey }: { providerKey: ProviderKey | null }) {
  const { t } = useTranslation();
  const clientKeys = useQuery(clientKeysQuery);
  if (providerKey === null) return null;
  const users = (clientKeys.data ?? []).filter((key) => key.provider_key_ids.includes(providerKey.id));
  return (
    <>
      <Text size="sm">{t('providerKeys.deleteText')}</Text>
      {users.length > 0 && (
        <Text size="sm" mt="xs">
          {t('providerKeys.deleteUsers', { count: users.length, names: users.map((key) => key.name).join(', ') })}
        </Text>
      )}
    </>
  );
}
