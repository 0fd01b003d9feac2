// SPDX-License-Identifier: MIT
//
// Who may get tokens by client credentials, and for which client key.

import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { authenticationQuery } from '@/api/settings';
import { clientKeysQuery } from '@/api/client-keys';
import {
  deleteOAuthClient,
  oauthClientsQuery,
  revokeTokens,
  rotateOAuthClient,
  updateOAuthClient,
} from '@/api/oauth-clients';
import type { OAuthClient, OAuthClientCreated } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { TextLink } from '@/components/links';
import { ListBody } from '@/components/list-body';
import { Notice } from '@/components/notice';
import { Page } from '@/components/page';
import { RemovalDialog } from '@/components/removal-dialog';
import { RotationDialog } from '@/components/rotation-dialog';
import { Table } from '@/components/table/table';
import { SearchField, Toolbar } from '@/components/toolbar';
import { matches } from '@/lib/matches';
import { notifyDone } from '@/lib/notify';
import { useEnabling, useRemoval } from '@/lib/row-actions';
import { OAuthClientDialog } from './components/oauth-client-dialog';
import { OAuthSecretDialog } from './components/oauth-secret-dialog';
import { useOAuthClientColumns } from './hooks/use-oauth-client-columns';

type Dialog =
  | { kind: 'form'; row: OAuthClient | null }
  | { kind: 'secret'; row: OAuthClientCreated }
  | { kind: 'rotation'; row: OAuthClient };

export function OAuthClientsPage() {
  const { t } = useTranslation();
  const rights = useRights();
  const cache = useQueryClient();
  const clients = useQuery(oauthClientsQuery);
  const clientKeys = useQuery(clientKeysQuery);
  const [search, setSearch] = useState('');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const changed = () => cache.invalidateQueries({ queryKey: oauthClientsQuery.queryKey });
  const removal = useRemoval<OAuthClient>({
    remove: deleteOAuthClient,
    changes: [oauthClientsQuery.queryKey],
    done: (name) => t('oauthClients.deleted', { name }),
  });
  const enabling = useEnabling<OAuthClient>({
    change: (id, is_enabled) => updateOAuthClient(id, { is_enabled }),
    list: oauthClientsQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });
  const revocation = useMutation({
    mutationFn: (row: OAuthClient) => revokeTokens(row.id),
    onSuccess: (_, row) => notifyDone(t('oauthClients.revoked', { name: row.name })),
  });
  const rotation = useMutation({
    mutationFn: ({ id, graceMs }: { id: number; graceMs: number }) => rotateOAuthClient(id, graceMs),
    onSuccess: (row) => {
      setDialog({ kind: 'secret', row });
      return changed();
    },
    gcTime: 0,
  });

  const all = clients.data ?? [];
  const shown = all.filter((row) => matches(search, row.name, row.client_id));
  const edit = (row: OAuthClient | null) => setDialog({ kind: 'form', row });
  const columns = useOAuthClientColumns({
    clientKeys: clientKeys.data ?? [],
    onEdit: edit,
    onRotate: (row) => {
      rotation.reset();
      setDialog({ kind: 'rotation', row });
    },
    onRevoke: revocation.mutate,
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
  });
  const add = rights.operates && (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => edit(null)}>{t('oauthClients.add')}</Button>
  );
  const error = enabling.error ?? revocation.error;

  return (
    <Page title={t('oauthClients.title')} about={t('oauthClients.about')} actions={add}>
      <Toolbar end={t('common.shown', { shown: shown.length, count: all.length })}>
        <SearchField label={t('oauthClients.search')} value={search} onChange={setSearch} />
      </Toolbar>
      <WayClosed />
      {error !== null && <ErrorNote error={error} />}
      <ListBody
        isPending={clients.isPending}
        error={clients.error}
        onRetry={() => void clients.refetch()}
        isEmpty={shown.length === 0}
        empty={
          all.length === 0 ? (
            <EmptyState icon="oauthClient" title={t('oauthClients.emptyTitle')} text={t('oauthClients.emptyText')} action={add} />
          ) : (
            <EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} />
          )
        }
      >
        <Table
          label={t('oauthClients.title')}
          columns={columns}
          rows={shown}
          rowId={(row) => row.id}
          onOpen={edit}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {dialog?.kind === 'form' && (
        <OAuthClientDialog
          client={dialog.row}
          clientKeys={clientKeys.data ?? []}
          onCreated={(row) => setDialog({ kind: 'secret', row })}
          onClose={close}
        />
      )}
      {dialog?.kind === 'secret' && <OAuthSecretDialog created={dialog.row} onClose={close} />}
      {dialog?.kind === 'rotation' && (
        <RotationDialog
          name={dialog.row.name}
          pending={rotation.isPending}
          error={rotation.error}
          onRotate={(graceMs) => rotation.mutate({ id: dialog.row.id, graceMs })}
          onClose={close}
        />
      )}
      <RemovalDialog removal={removal} title={t('oauthClients.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('oauthClients.deleteText')}</Text>
      </RemovalDialog>
    </Page>
  );
}

/** Only while tokens of our own are not taken: they would all be refused. */
function WayClosed() {
  const { t } = useTranslation();
  const ways = useQuery(authenticationQuery);
  if (ways.data?.oauth !== false) return null;
  return (
    <Notice tone="warn">
      {t('oauthClients.wayClosed')}{' '}
      <TextLink to="/settings" size="sm">{t('oauthClients.openWay')}</TextLink>
    </Notice>
  );
}
