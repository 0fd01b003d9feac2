// SPDX-License-Identifier: MIT
//
// Who signs tokens that callers may show in place of a client key.

import { Button, Group, Menu, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { clientKeysQuery } from '@/api/client-keys';
import { deleteIssuer, fetchIssuerKeys, issuersQuery, updateIssuer } from '@/api/settings';
import type { Issuer } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { ListBody } from '@/components/list-body';
import { NameButton } from '@/components/name-button';
import { RemovalDialog } from '@/components/removal-dialog';
import { StateLabel } from '@/components/state-label';
import { useRowColumns } from '@/components/table/row-columns';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';
import { notifyDone } from '@/lib/notify';
import { useEnabling, useRemoval } from '@/lib/row-actions';
import { IssuerDialog } from './issuer-dialog';

export function Issuers() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const issuers = useQuery(issuersQuery);
  const clientKeys = useQuery(clientKeysQuery);
  const [edited, setEdited] = useState<Issuer | 'new' | null>(null);
  const removal = useRemoval<Issuer>({
    remove: deleteIssuer,
    changes: [issuersQuery.queryKey],
    done: (name) => t('issuers.deleted', { name }),
  });
  const enabling = useEnabling<Issuer>({
    change: (id, is_enabled) => updateIssuer(id, { is_enabled }),
    list: issuersQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });
  const fetching = useMutation({
    mutationFn: (row: Issuer) => fetchIssuerKeys(row.id),
    onSuccess: async (_, row) => {
      notifyDone(t('issuers.fetching', { name: row.name }));
      await cache.invalidateQueries({ queryKey: issuersQuery.queryKey });
    },
  });
  const columns = useIssuerColumns({
    onEdit: setEdited,
    onFetch: fetching.mutate,
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
  });
  const add = useRights().administers && (
    <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setEdited('new')}>
      {t('issuers.add')}
    </Button>
  );
  const rows = issuers.data ?? [];
  const error = enabling.error ?? fetching.error;

  return (
    <section aria-label={t('issuers.title')}>
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600} size="md">{t('issuers.title')}</Text>
        {rows.length > 0 && add}
      </Group>
      {error !== null && <ErrorNote error={error} />}
      <ListBody
        isPending={issuers.isPending}
        error={issuers.error}
        onRetry={() => void issuers.refetch()}
        isEmpty={rows.length === 0}
        empty={<EmptyState icon="issuer" title={t('issuers.emptyTitle')} text={t('issuers.emptyText')} action={add} />}
      >
        <Table
          label={t('issuers.title')}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          onOpen={setEdited}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {edited !== null && (
        <IssuerDialog
          issuer={edited === 'new' ? null : edited}
          clientKeys={clientKeys.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
      <RemovalDialog removal={removal} title={t('issuers.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('issuers.deleteText')}</Text>
      </RemovalDialog>
    </section>
  );
}

interface ColumnOptions {
  onEdit: (row: Issuer) => void;
  onFetch: (row: Issuer) => void;
  onDelete: (row: Issuer) => void;
  onSwitch: (row: Issuer) => void;
}

function useIssuerColumns({ onEdit, onFetch, onDelete, onSwitch }: ColumnOptions): Column<Issuer>[] {
  const { t } = useTranslation();
  const { administers } = useRights();
  const { enabledColumn, menuColumn } = useRowColumns<Issuer>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('common.name'),
      heading: true,
      cell: (row) => <NameButton name={row.name} onClick={() => onEdit(row)} />,
    },
    {
      id: 'issuer',
      header: t('issuers.issuer'),
      cell: (row) => <Text span size="xs" ff="monospace">{row.issuer}</Text>,
    },
    { id: 'claim', header: t('issuers.claim'), show: 'wide', cell: (row) => row.claim },
    { id: 'clients', header: t('issuers.clients'), align: 'end', cell: (row) => row.clients.length },
    { id: 'keys', header: t('issuers.keys'), cell: (row) => <Keys issuer={row} /> },
    enabledColumn(onSwitch, () => administers),
    menuColumn((row) => (
      <>
        <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        {row.jwks_url !== null && <Menu.Item disabled={!administers} onClick={() => onFetch(row)}>{t('issuers.fetch')}</Menu.Item>}
        <Menu.Item color="red" disabled={!administers} onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}

function Keys({ issuer }: { issuer: Issuer }) {
  const { t } = useTranslation();
  const count = t('issuers.keyCount', { count: issuer.keys.length });
  if (issuer.jwks_error !== null) {
    return <StateLabel tone="bad" detail={issuer.jwks_error}>{count}</StateLabel>;
  }
  if (issuer.keys.length === 0) return <StateLabel tone="warn">{count}</StateLabel>;
  return (
    <>
      {count}
      {issuer.jwks_fetched_at !== null && (
        <Text span size="xs" c="dimmed" ml={6}><Time value={issuer.jwks_fetched_at} /></Text>
      )}
    </>
  );
}
