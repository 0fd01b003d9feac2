// SPDX-License-Identifier: MIT
//
// Who may manage the gateway, and with which role.

import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { deleteUser, updateUser, usersQuery } from '@/api/users';
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
import { UserDialog } from './components/user-dialog';
import { UserIdentitiesDialog } from './components/user-identities-dialog';
import { UserLimitsDialog } from './components/user-limits-dialog';
import { useUserColumns } from './hooks/use-user-columns';

export function UsersPage() {
  const { t } = useTranslation();
  const users = useQuery(usersQuery);
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const [limited, setLimited] = useState<User | null>(null);
  const [looked, setLooked] = useState<User | null>(null);
  const nameOf = (id: number) => users.data?.find((row) => row.id === id)?.username ?? '';
  const removal = useRemoval<User & { name: string }>({
    remove: deleteUser,
    changes: [usersQuery.queryKey],
    done: (name) => t('users.deleted', { name }),
  });
  const enabling = useEnabling<User & { name: string }>({
    change: (id, is_enabled) => updateUser(id, { is_enabled }),
    list: usersQuery.queryKey,
    done: (name, on) => t(on ? 'users.enabledDone' : 'users.disabledDone', { name }),
  });
  const named = (row: User) => ({ ...row, name: nameOf(row.id) });

  const all = users.data ?? [];
  const shown = all.filter((row) => matches(search, row.username, row.display_name ?? '', row.email ?? ''));
  const columns = useUserColumns({
    onEdit: setEdited,
    onLimits: setLimited,
    onIdentities: setLooked,
    onDelete: (row) => removal.ask(named(row)),
    onSwitch: (row) => enabling.mutate(named(row)),
  });
  return (
    <Page
      title={t('users.title')}
      about={t('users.about')}
      actions={
        <Button leftSection={<Icon name="plus" size={14} />} onClick={() => setEdited('new')}>{t('users.add')}</Button>
      }
    >
      <Toolbar end={t('common.shown', { shown: shown.length, count: all.length })}>
        <SearchField label={t('users.search')} value={search} onChange={setSearch} />
      </Toolbar>
      {enabling.error !== null && <ErrorNote error={enabling.error} />}
      <ListBody
        isPending={users.isPending}
        error={users.error}
        onRetry={() => void users.refetch()}
        isEmpty={shown.length === 0}
        empty={<EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} />}
      >
        <Table
          label={t('users.title')}
          columns={columns}
          rows={shown}
          rowId={(row) => row.id}
          onOpen={setEdited}
          isDimmed={(row) => !row.is_enabled}
        />
      </ListBody>
      {edited !== null && <UserDialog user={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      {limited !== null && <UserLimitsDialog user={limited} onClose={() => setLimited(null)} />}
      {looked !== null && <UserIdentitiesDialog user={looked} onClose={() => setLooked(null)} />}
      <RemovalDialog removal={removal} title={t('users.deleteTitle', { name: removal.asked?.name })}>
        <Text size="sm">{t('users.deleteText')}</Text>
      </RemovalDialog>
    </Page>
  );
}
