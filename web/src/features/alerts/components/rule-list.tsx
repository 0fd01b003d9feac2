// SPDX-License-Identifier: MIT
//
// The rules: what is watched, from which value on, and who is told.

import { Button, Menu, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { alertChannelsQuery, alertRulesQuery, deleteAlertRule, updateAlertRule } from '@/api/alerts';
import type { AlertChannel, AlertRule } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { ListBody } from '@/components/list-body';
import { NameButton } from '@/components/name-button';
import { RemovalDialog } from '@/components/removal-dialog';
import { useRowColumns } from '@/components/table/row-columns';
import { type Column, Table } from '@/components/table/table';
import { Toolbar } from '@/components/toolbar';
import { formatLongSpan } from '@/lib/format';
import { useEnabling, useRemoval } from '@/lib/row-actions';
import { formatAlertValue } from '../fns/value';
import { RuleDialog } from './rule-dialog';

export function RuleList() {
  const { t } = useTranslation();
  const rights = useRights();
  const rules = useQuery(alertRulesQuery);
  const channels = useQuery(alertChannelsQuery);
  const [edited, setEdited] = useState<AlertRule | 'new' | null>(null);
  const removal = useRemoval<AlertRule>({
    remove: deleteAlertRule,
    changes: [alertRulesQuery.queryKey],
    done: (name) => t('alerts.deleted', { name }),
  });
  const enabling = useEnabling<AlertRule>({
    change: (id, is_enabled) => updateAlertRule(id, { is_enabled }),
    list: alertRulesQuery.queryKey,
    done: (name, on) => t(on ? 'common.enabledDone' : 'common.disabledDone', { name }),
  });
  const rows = rules.data ?? [];
  const columns = useRuleColumns({
    channels: channels.data ?? [],
    onEdit: setEdited,
    onDelete: removal.ask,
    onSwitch: enabling.mutate,
  });
  const add = rights.operates && (
    <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setEdited('new')}>{t('alerts.addRule')}</Button>
  );

  return (
    <>
      <Toolbar end={add}>
        <Text size="sm" c="dimmed">{t('alerts.rulesAbout')}</Text>
      </Toolbar>
      {enabling.error !== null && <ErrorNote error={enabling.error} />}
      <ListBody
        isPending={rules.isPending}
        error={rules.error}
        onRetry={() => void rules.refetch()}
        isEmpty={rows.length === 0}
        empty={<EmptyState icon="alert" title={t('alerts.noRulesTitle')} text={t('alerts.noRulesText')} />}
      >
        <Table
          label={t('alerts.tab.rules')}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          {...(rights.operates && { onOpen: setEdited })}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {edited !== null && (
        <RuleDialog
          rule={edited === 'new' ? null : edited}
          channels={channels.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
      <RemovalDialog removal={removal} title={t('alerts.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('alerts.deleteRuleText')}</Text>
      </RemovalDialog>
    </>
  );
}

interface Options {
  channels: AlertChannel[];
  onEdit: (row: AlertRule) => void;
  onDelete: (row: AlertRule) => void;
  onSwitch: (row: AlertRule) => void;
}

function useRuleColumns({ channels, onEdit, onDelete, onSwitch }: Options): Column<AlertRule>[] {
  const { t, i18n } = useTranslation();
  const rights = useRights();
  const told = (row: AlertRule) =>
    row.channel_ids.map((id) => channels.find((channel) => channel.id === id)?.name ?? `#${id}`).join(', ');
  const { enabledColumn, menuColumn } = useRowColumns<AlertRule>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('common.name'),
      heading: true,
      sort: (row) => row.name,
      cell: (row) => (rights.operates ? <NameButton name={row.name} onClick={() => onEdit(row)} /> : row.name),
    },
    { id: 'kind', header: t('alerts.kind'), show: 'wide', cell: (row) => t(`alerts.kindName.${row.kind}`) },
    {
      id: 'threshold',
      header: t('alerts.threshold'),
      align: 'end',
      cell: (row) => formatAlertValue(row.unit, row.threshold, i18n.language),
    },
    {
      id: 'window',
      header: t('alerts.window'),
      align: 'end',
      show: 'wide',
      cell: (row) => (row.window_s === null ? '–' : formatLongSpan(row.window_s * 1000, i18n.language)),
    },
    { id: 'severity', header: t('alerts.severity'), sort: (row) => row.severity, cell: (row) => t(`alerts.severityName.${row.severity}`) },
    { id: 'channels', header: t('alerts.tab.channels'), cell: (row) => told(row) || <Text span size="sm" c="dimmed">{t('alerts.nobody')}</Text> },
    enabledColumn(onSwitch, () => rights.operates),
    menuColumn((row) => rights.operates && (
      <>
        <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item color="red" onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}
