// SPDX-License-Identifier: MIT
//
// The columns of the list of users.

import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { NameButton } from '@/components/name-button';
import { useRowColumns } from '@/components/table/row-columns';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';

interface Options {
  onEdit: (row: User) => void;
  onLimits: (row: User) => void;
  onIdentities: (row: User) => void;
  onDelete: (row: User) => void;
  onSwitch: (row: User) => void;
}

export function useUserColumns({ onEdit, onLimits, onIdentities, onDelete, onSwitch }: Options): Column<User>[] {
  const { t } = useTranslation();
  const { enabledColumn, menuColumn } = useRowColumns<User>((row) => row.username);
  return [
    {
      id: 'username',
      header: t('users.username'),
      heading: true,
      sort: (row) => row.username,
      cell: (row) => (
        <>
          <NameButton name={row.username} onClick={() => onEdit(row)} />
          {row.display_name !== null && <Text span size="xs" c="dimmed" ml={6}>{row.display_name}</Text>}
        </>
      ),
    },
    { id: 'role', header: t('users.role'), sort: (row) => row.role, cell: (row) => t(`profile.roleName.${row.role}`) },
    { id: 'email', header: t('users.email'), show: 'wide', cell: (row) => row.email ?? '–' },
    {
      id: 'login',
      header: t('users.lastLogin'),
      sort: (row) => row.last_login_at ?? '',
      cell: (row) => (row.last_login_at === null ? t('users.never') : <Time value={row.last_login_at} />),
    },
    {
      id: 'created',
      header: t('common.createdAt'),
      show: 'widest',
      sort: (row) => row.created_at,
      cell: (row) => <Time value={row.created_at} />,
    },
    enabledColumn(onSwitch, () => true),
    menuColumn((row) => (
      <>
        <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item onClick={() => onLimits(row)}>{t('limits.edit')}</Menu.Item>
        <Menu.Item onClick={() => onIdentities(row)}>{t('users.identities')}</Menu.Item>
        <Menu.Item color="red" onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}
