// SPDX-License-Identifier: MIT
//
// The keys that callers show the gateway.

import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clientKeysQuery, deleteClientKey, rotateClientKey, updateClientKey } from '@/api/client-keys';
import { providerKeysQuery } from '@/api/provider-keys';
import { providersQuery } from '@/api/providers';
import type { ClientKey, ClientKeyCreated } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { ListBody } from '@/components/list-body';
import { Page } from '@/components/page';
import { RemovalDialog } from '@/components/removal-dialog';
import { RotationDialog } from '@/components/rotation-dialog';
import { Table } from '@/components/table/table';
import { SearchField, Toolbar } from '@/components/toolbar';
import { matches } from '@/lib/matches';
import { useEnabling, useRemoval } from '@/lib/row-actions';
import { ClientKeyDialog } from './components/client-key-dialog';
import { ClientKeyDrawer } from './components/client-key-drawer';
import { CreatedDialog } from './components/created-dialog';
import { ExamplesDialog } from './components/examples-dialog';
import { groupByProvider } from './fns/pool';
import { useClientKeyColumns } from './hooks/use-client-key-columns';

/** Which dialog is open; there is never more than one. */
type Dialog =
  | { kind: 'form'; row: ClientKey | null }
  | { kind: 'created'; row: ClientKeyCreated }
  | { kind: 'rotation'; row: ClientKey }
  | { kind: 'examples'; row: ClientKey };

const route = getRouteApi('/shell/client-keys');

export function ClientKeysPage() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const clientKeys = useQuery(clientKeysQuery);
  const providerKeys = useQuery(providerKeysQuery);
  const providers = useQuery(providersQuery);
  const [search, setSearch] = useState('');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const removal = useRemoval<ClientKey>({
    remove: deleteClientKey,
    changes: [clientKeysQuery.queryKey],
    done: (name) => t('clientKeys.deleted', { name }),
  });
  const enabling = useEnabling<ClientKey>({
    change: (id, is_enabled) => updateClientKey(id, { is_enabled }),
    list: clientKeysQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });

  const groups = groupByProvider(providers.data ?? [], providerKeys.data ?? []);
  const all = clientKeys.data ?? [];
  const shown = all.filter((row) => matches(search, row.name, row.prefix));
  const edit = (row: ClientKey) => setDialog({ kind: 'form', row });
  const show = (row: ClientKey | null) =>
    void navigate({ search: row === null ? {} : { open: row.id }, resetScroll: false });
  const close = () => setDialog(null);
  const rotation = useMutation({
    mutationFn: ({ id, graceMs }: { id: number; graceMs: number }) => rotateClientKey(id, graceMs),
    onSuccess: (row) => {
      setDialog({ kind: 'created', row });
      return cache.invalidateQueries({ queryKey: clientKeysQuery.queryKey });
    },
    gcTime: 0,
  });
  const rotate = (row: ClientKey) => {
    rotation.reset();
    setDialog({ kind: 'rotation', row });
  };
  const opened = all.find((row) => row.id === open);
  const columns = useClientKeyColumns({
    groups,
    onOpen: show,
    onEdit: edit,
    onRotate: rotate,
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
    onShowLogs: (row) => void navigate({ to: '/logs', search: { client_key_id: row.id } }),
    onShowExamples: (row) => setDialog({ kind: 'examples', row }),
  });
  const add = (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setDialog({ kind: 'form', row: null })}>
      {t('clientKeys.add')}
    </Button>
  );

  return (
    <Page title={t('clientKeys.title')} about={t('clientKeys.about')} actions={add}>
      <Toolbar end={t('common.shown', { shown: shown.length, count: all.length })}>
        <SearchField label={t('clientKeys.search')} value={search} onChange={setSearch} />
      </Toolbar>
      {enabling.error !== null && <ErrorNote error={enabling.error} />}
      <ListBody
        isPending={clientKeys.isPending}
        error={clientKeys.error}
        onRetry={() => void clientKeys.refetch()}
        isEmpty={shown.length === 0}
        empty={
          all.length === 0 ? (
            <EmptyState icon="clientKey" title={t('clientKeys.emptyTitle')} text={t('clientKeys.emptyText')} action={add} />
          ) : (
            <EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} />
          )
        }
      >
        <Table
          label={t('clientKeys.title')}
          columns={columns}
          rows={shown}
          rowId={(row) => row.id}
          onOpen={show}
          isCurrent={(row) => row.id === open}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {opened !== undefined && dialog === null && (
        <ClientKeyDrawer
          clientKey={opened}
          groups={groups}
          onEdit={() => edit(opened)}
          onRotate={() => rotate(opened)}
          onShowExamples={() => setDialog({ kind: 'examples', row: opened })}
          onClose={() => show(null)}
        />
      )}
      {dialog?.kind === 'rotation' && (
        <RotationDialog
          name={dialog.row.name}
          pending={rotation.isPending}
          error={rotation.error}
          onRotate={(graceMs) => rotation.mutate({ id: dialog.row.id, graceMs })}
          onClose={close}
        />
      )}
      {dialog?.kind === 'form' && (
        <ClientKeyDialog
          clientKey={dialog.row}
          groups={groups}
          readAt={providerKeys.dataUpdatedAt}
          onCreated={(row) => setDialog({ kind: 'created', row })}
          onClose={close}
        />
      )}
      {dialog?.kind === 'created' && <CreatedDialog created={dialog.row} groups={groups} onClose={close} />}
      {dialog?.kind === 'examples' && <ExamplesDialog clientKey={dialog.row} groups={groups} onClose={close} />}
      <RemovalDialog removal={removal} title={t('clientKeys.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('clientKeys.deleteText')}</Text>
      </RemovalDialog>
    </Page>
  );
}
