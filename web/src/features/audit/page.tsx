// SPDX-License-Identifier: MIT
//
// Who changed what, newest first.

import { Button, Group, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditQuery } from '@/api/audit';
import type { AuditEntry } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ListBody } from '@/components/list-body';
import { NameButton } from '@/components/name-button';
import { Page } from '@/components/page';
import { type Column, Table } from '@/components/table/table';
import { Toolbar } from '@/components/toolbar';
import { formatTime } from '@/lib/format';
import { EntryDrawer } from './components/entry-drawer';
import { StatusLabel } from './components/status-label';
import { readAuditSearch } from './fns/search';

const route = getRouteApi('/shell/audit');
const FILTERS = ['object_type', 'object_id', 'action'] as const;

export function AuditPage() {
  const { t } = useTranslation();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const audit = useInfiniteQuery({ ...auditQuery(filter), placeholderData: keepPreviousData });
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = useAuditColumns(setOpened);
  const change = (name: string, value: string) =>
    void navigate({ search: (now) => readAuditSearch({ ...now, [name]: value }), replace: true });

  return (
    <Page title={t('audit.title')} about={t('audit.about')}>
      <Toolbar>
        {FILTERS.map((name) => (
          // The key takes up a filter that changed elsewhere: back, or a link.
          <TextInput
            key={`${name} ${filter[name] ?? ''}`}
            size="xs"
            w={150}
            aria-label={t(`audit.filter.${name}`)}
            placeholder={t(`audit.filter.${name}`)}
            defaultValue={filter[name] ?? ''}
            onBlur={(event) => change(name, event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && change(name, event.currentTarget.value)}
          />
        ))}
        {Object.keys(filter).length > 0 && (
          <Button variant="subtle" color="gray" onClick={() => void navigate({ search: {}, replace: true })}>
            {t('logs.filter.clear')}
          </Button>
        )}
      </Toolbar>
      <ListBody
        isPending={audit.isPending}
        error={audit.error}
        onRetry={() => void audit.refetch()}
        isEmpty={rows.length === 0}
        empty={<EmptyState icon="audit" title={t('common.noMatchTitle')} text={t('audit.emptyText')} />}
      >
        <Table label={t('audit.title')} columns={columns} rows={rows} rowId={(row) => row.id} onOpen={setOpened} />
        {audit.hasNextPage && (
          <Group justify="center" mt="md">
            <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
              {t('audit.older')}
            </Button>
          </Group>
        )}
      </ListBody>
      {opened !== null && <EntryDrawer entry={opened} onClose={() => setOpened(null)} />}
    </Page>
  );
}

function useAuditColumns(onOpen: (row: AuditEntry) => void): Column<AuditEntry>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      id: 'time',
      header: t('audit.time'),
      heading: true,
      cell: (row) => (
        <NameButton name={formatTime(row.occurred_at, i18n.language, true)} onClick={() => onOpen(row)} />
      ),
    },
    { id: 'user', header: t('audit.user'), cell: (row) => row.username },
    { id: 'action', header: t('audit.action'), cell: (row) => row.action },
    {
      id: 'object',
      header: t('audit.object'),
      cell: (row) => (
        <>
          {row.object_type}
          {row.object_id !== null && <Text span size="xs" c="dimmed" ml={6}>#{row.object_id}</Text>}
        </>
      ),
    },
    { id: 'status', header: t('audit.answer'), cell: (row) => <StatusLabel status={row.status} /> },
    { id: 'address', header: t('audit.address'), show: 'wide', cell: (row) => row.address ?? '–' },
  ];
}
