// SPDX-License-Identifier: MIT
//
// Who is told: webhooks and mail. Admins change them.

import { Button, Menu, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { alertChannelsQuery, alertRulesQuery, deleteAlertChannel, updateAlertChannel } from '@/api/alerts';
import type { AlertChannel, AlertChannelCreated } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { ListBody } from '@/components/list-body';
import { NameButton } from '@/components/name-button';
import { RemovalDialog } from '@/components/removal-dialog';
import { SecretDialog } from '@/components/secret-dialog';
import { useRowColumns } from '@/components/table/row-columns';
import { type Column, Table } from '@/components/table/table';
import { Toolbar } from '@/components/toolbar';
import { useEnabling, useRemoval } from '@/lib/row-actions';
import { ChannelDialog } from './channel-dialog';
import { TestDialog } from './test-dialog';

type Dialog =
  | { kind: 'form'; row: AlertChannel | null }
  | { kind: 'secret'; row: AlertChannelCreated }
  | { kind: 'test'; row: AlertChannel };

export function ChannelList() {
  const { t } = useTranslation();
  const rights = useRights();
  const cache = useQueryClient();
  const channels = useQuery(alertChannelsQuery);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const removal = useRemoval<AlertChannel>({
    remove: deleteAlertChannel,
    changes: [alertChannelsQuery.queryKey, alertRulesQuery.queryKey],
    done: (name) => t('alerts.deleted', { name }),
  });
  const enabling = useEnabling<AlertChannel>({
    change: (id, is_enabled) => updateAlertChannel(id, { is_enabled }),
    list: alertChannelsQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });
  const rows = channels.data ?? [];
  const edit = (row: AlertChannel | null) => setDialog({ kind: 'form', row });
  const columns = useChannelColumns({
    onEdit: edit,
    onTest: (row) => setDialog({ kind: 'test', row }),
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
  });
  const add = rights.administers && (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => edit(null)}>{t('alerts.addChannel')}</Button>
  );
  const created = (row: AlertChannelCreated) => {
    void cache.invalidateQueries({ queryKey: alertChannelsQuery.queryKey });
    setDialog(row.secret === null ? null : { kind: 'secret', row });
  };

  return (
    <>
      <Toolbar end={rows.length > 0 && add}>
        <Text size="sm" c="dimmed">{t('alerts.channelListAbout')}</Text>
      </Toolbar>
      {enabling.error !== null && <ErrorNote error={enabling.error} />}
      <ListBody
        isPending={channels.isPending}
        error={channels.error}
        onRetry={() => void channels.refetch()}
        isEmpty={rows.length === 0}
        empty={<EmptyState icon="alert" title={t('alerts.noChannelsTitle')} text={t('alerts.noChannelsText')} action={add} />}
      >
        <Table
          label={t('alerts.tab.channels')}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          {...(rights.administers && { onOpen: edit })}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {dialog?.kind === 'form' && <ChannelDialog channel={dialog.row} onCreated={created} onClose={close} />}
      {dialog?.kind === 'test' && <TestDialog channel={dialog.row} onClose={close} />}
      {dialog?.kind === 'secret' && (
        <SecretDialog
          title={t('alerts.secretShown', { name: dialog.row.name })}
          secret={dialog.row.secret ?? ''}
          testId="webhook-secret"
          onClose={close}
        >
          <Text size="sm">{t('alerts.secretAbout')}</Text>
        </SecretDialog>
      )}
      <RemovalDialog removal={removal} title={t('alerts.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('alerts.deleteChannelText')}</Text>
      </RemovalDialog>
    </>
  );
}

interface Options {
  onEdit: (row: AlertChannel) => void;
  onTest: (row: AlertChannel) => void;
  onDelete: (row: AlertChannel) => void;
  onSwitch: (row: AlertChannel) => void;
}

function useChannelColumns({ onEdit, onTest, onDelete, onSwitch }: Options): Column<AlertChannel>[] {
  const { t } = useTranslation();
  const { administers } = useRights();
  const { enabledColumn, menuColumn } = useRowColumns<AlertChannel>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('common.name'),
      heading: true,
      sort: (row) => row.name,
      cell: (row) => (administers ? <NameButton name={row.name} onClick={() => onEdit(row)} /> : row.name),
    },
    { id: 'kind', header: t('alerts.kind'), cell: (row) => t(`alerts.channelKind.${row.kind}`) },
    { id: 'target', header: t('alerts.target'), cell: (row) => <Text span size="xs" ff="monospace">{row.target}</Text> },
    { id: 'to', header: t('alerts.mailTo'), show: 'wide', cell: (row) => row.mail_to.join(', ') || '–' },
    enabledColumn(onSwitch, () => administers),
    menuColumn((row) => administers && (
      <>
        <Menu.Item onClick={() => onTest(row)}>{t('alerts.sendTest')}</Menu.Item>
        <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item color="red" onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}
