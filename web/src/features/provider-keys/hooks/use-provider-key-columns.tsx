// SPDX-License-Identifier: MIT
//
// The columns of the list of provider keys.

import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { Provider, ProviderKey } from '@/api/types';
import { ActivityCell } from '@/components/activity/activity-cell';
import { Expiry } from '@/components/expiry';
import { HealthLabel } from '@/components/health-label';
import { NameButton } from '@/components/name-button';
import { StateLabel } from '@/components/state-label';
import { useRowColumns } from '@/components/table/row-columns';
import type { Column } from '@/components/table/table';
import { formatCount } from '@/lib/format';
import { leastLeft } from '../fns/quota';

interface Options {
  providers: Provider[];
  readAt: number;
  onOpen: (row: ProviderKey) => void;
  onEdit: (row: ProviderKey) => void;
  onDelete: (row: ProviderKey) => void;
  onSwitch: (row: ProviderKey) => void;
  onShowLogs: (row: ProviderKey) => void;
  onCheck: (row: ProviderKey) => void;
}

export function useProviderKeyColumns(options: Options): Column<ProviderKey>[] {
  const { providers, readAt, onOpen, onEdit, onDelete, onSwitch, onShowLogs, onCheck } = options;
  const { t, i18n } = useTranslation();
  const rights = useRights();
  const providerName = (row: ProviderKey) =>
    providers.find((provider) => provider.id === row.provider_id)?.name ?? `#${row.provider_id}`;
  const { enabledColumn, menuColumn } = useRowColumns<ProviderKey>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('common.name'),
      heading: true,
      sort: (row) => row.name,
      cell: (row) => <NameButton name={row.name} onClick={() => onOpen(row)} />,
    },
    { id: 'provider', header: t('providerKeys.provider'), sort: providerName, cell: providerName },
    {
      id: 'health',
      header: t('providerKeys.health'),
      sort: (row) => row.health.state,
      cell: (row) =>
        row.credential_state === 'good' ? (
          <HealthLabel health={row.health} readAt={readAt} />
        ) : (
          <StateLabel tone="bad">{t(`providerKeys.credential.state.${row.credential_state}`)}</StateLabel>
        ),
    },
    {
      id: 'activity',
      header: t('activity.column'),
      show: 'wide',
      cell: (row) => <ActivityCell of={{ kind: 'provider-key', id: row.id }} />,
    },
    {
      id: 'in_flight',
      header: t('providerKeys.inFlight'),
      align: 'end',
      sort: (row) => row.in_flight,
      cell: (row) => formatCount(row.in_flight, i18n.language),
    },
    {
      id: 'quota',
      header: t('providerKeys.quota.title'),
      align: 'end',
      show: 'wide',
      sort: (row) => leastLeft(row.vendor_quota) ?? 101,
      cell: (row) => {
        const percent = leastLeft(row.vendor_quota);
        return percent === undefined ? '–' : t('providerKeys.quota.percent', { percent });
      },
    },
    {
      id: 'weight',
      header: t('providerKeys.weight'),
      align: 'end',
      show: 'widest',
      sort: (row) => row.weight,
      cell: (row) => formatCount(row.weight, i18n.language),
    },
    {
      id: 'secret',
      header: t('providerKeys.secret'),
      show: 'widest',
      cell: (row) => <Text span size="xs" ff="monospace" c="dimmed" style={{ whiteSpace: row.secret_reference === null ? 'nowrap' : undefined }}>{row.secret_reference ?? row.secret_hint ?? '…'}</Text>,
    },
    {
      id: 'expires',
      header: t('expiry.column'),
      show: 'widest',
      sort: (row) => row.expires_at ?? '9999',
      cell: (row) => <Expiry value={row.expires_at} />,
    },
    enabledColumn(onSwitch, (row) => rights.mayChange(row.owner_user_id)),
    menuColumn((row) => (
      <>
        <Menu.Item disabled={!rights.mayChange(row.owner_user_id)} onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item disabled={!rights.mayChange(row.owner_user_id)} onClick={() => onCheck(row)}>{t('providerKeys.healthOf.check')}</Menu.Item>
        <Menu.Item onClick={() => onShowLogs(row)}>{t('common.showLogs')}</Menu.Item>
        <Menu.Item color="red" disabled={!rights.mayChange(row.owner_user_id)} onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}
