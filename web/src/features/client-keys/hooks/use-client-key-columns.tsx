// SPDX-License-Identifier: MIT
//
// The columns of the list of client keys.

import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { ClientKey } from '@/api/types';
import { ActivityCell } from '@/components/activity/activity-cell';
import { Expiry } from '@/components/expiry';
import { NameButton } from '@/components/name-button';
import { StateLabel } from '@/components/state-label';
import { useRowColumns } from '@/components/table/row-columns';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';
import { type PoolGroup, poolGroups } from '../fns/pool';
import { LimitCell } from '../components/limit-cell';
import { useUsedPercents } from './use-used-percents';

interface Options {
  groups: PoolGroup[];
  onOpen: (row: ClientKey) => void;
  onEdit: (row: ClientKey) => void;
  onRotate: (row: ClientKey) => void;
  onDelete: (row: ClientKey) => void;
  onSwitch: (row: ClientKey) => void;
  onShowLogs: (row: ClientKey) => void;
  onShowExamples: (row: ClientKey) => void;
}

/** Chinese breaks between any two characters, and a key's beginning at its hyphen. */
const ONE_LINE = { whiteSpace: 'nowrap' } as const;

export function useClientKeyColumns(options: Options): Column<ClientKey>[] {
  const { groups, onOpen, onEdit, onRotate, onDelete, onSwitch, onShowLogs, onShowExamples } = options;
  const { t } = useTranslation();
  const rights = useRights();
  const usedOf = useUsedPercents();
  const { enabledColumn, menuColumn } = useRowColumns<ClientKey>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('common.name'),
      heading: true,
      sort: (row) => row.name,
      cell: (row) => <NameButton name={row.name} onClick={() => onOpen(row)} />,
    },
    {
      id: 'prefix',
      header: t('clientKeys.prefix'),
      cell: (row) => <Text span size="xs" ff="monospace" c="dimmed" style={ONE_LINE}>{row.prefix}…</Text>,
    },
    {
      id: 'pool',
      header: t('clientKeys.pool'),
      sort: (row) => row.provider_key_ids.length,
      cell: (row) => <Pool clientKey={row} groups={groups} />,
    },
    {
      id: 'activity',
      header: t('activity.column'),
      cell: (row) => <ActivityCell of={{ kind: 'client-key', id: row.id }} />,
    },
    {
      id: 'strategy',
      header: t('clientKeys.strategy'),
      show: 'wide',
      cell: (row) => <span style={ONE_LINE}>{t(`strategy.${row.strategy}`)}</span>,
    },
    {
      id: 'limit',
      header: t('limits.title'),
      show: 'wide',
      sort: (row) => usedOf(row) ?? -1,
      cell: (row) => <LimitCell clientKey={row} used={usedOf(row)} />,
    },
    {
      id: 'expires',
      header: t('expiry.column'),
      sort: (row) => row.expires_at ?? '9999',
      cell: (row) => <Expiry value={row.expires_at} />,
    },
    {
      id: 'created',
      header: t('common.createdAt'),
      show: 'widest',
      sort: (row) => row.created_at,
      cell: (row) => <Time value={row.created_at} />,
    },
    enabledColumn(onSwitch, (row) => rights.mayChange(row.user_id)),
    menuColumn((row) => (
      <>
        <Menu.Item disabled={!rights.mayChange(row.user_id)} onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item disabled={!rights.mayChange(row.user_id)} onClick={() => onRotate(row)}>{t('rotation.action')}</Menu.Item>
        <Menu.Item onClick={() => onShowExamples(row)}>{t('clientKeys.showExamples')}</Menu.Item>
        <Menu.Item onClick={() => onShowLogs(row)}>{t('common.showLogs')}</Menu.Item>
        <Menu.Item color="red" disabled={!rights.mayChange(row.user_id)} onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}

function Pool({ clientKey, groups }: { clientKey: ClientKey; groups: PoolGroup[] }) {
  const { t } = useTranslation();
  const count = clientKey.provider_key_ids.length;
  if (count === 0) return <StateLabel tone="warn">{t('clientKeys.poolEmpty')}</StateLabel>;
  const names = poolGroups(groups, clientKey.provider_key_ids).map((group) => group.provider.name);
  return (
    <>
      {t('clientKeys.poolKeys', { count })}
      <Text span size="xs" c="dimmed" ml={6}>{names.join(', ')}</Text>
    </>
  );
}
