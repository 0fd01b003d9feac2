// SPDX-License-Identifier: MIT
//
// The columns of the list of users.

import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { EnabledSwitch } from '@/components/enabled-switch';
import { NameButton } from '@/components/name-button';
import { RowMenu } from '@/components/row-menu';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';

interface Options {
  onEdit: (row: User) => void;
  onLimits: (row: User) => void;
  onDelete: (row: User) => void;
  onSwitch: (row: User) => void;
}

export function useUserColumns({ onEdit, onLimits, onDelete, onSwitch }: Options): Column<User>[] {
  const { t } = useTranslation();
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
    {
      id: 'enabled',
      header: t('common.enabled'),
      cell: (row) => <EnabledSwitch name={row.username} isEnabled={row.is_enabled} onSwitch={() => onSwitch(row)} />,
    },
    {
      id: 'menu',
      corner: true,
      header: '',
      align: 'end',
      cell: (row) => (
        <RowMenu label={t('common.actionsFor', { name: row.username })}>
          <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
          <Menu.Item onClick={() => onLimits(row)}>{t('limits.edit')}</Menu.Item>
          <Menu.Item color="red" onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
        </RowMenu>
      ),
    },
  ];
}
