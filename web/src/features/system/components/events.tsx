// SPDX-License-Identifier: MIT
//
// What happened to the nodes, newest first.

import { Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { eventsQuery } from '@/api/system';
import type { SystemEvent } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { TextLink } from '@/components/links';
import { ListBody } from '@/components/list-body';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';

const REFRESH_MS = 10_000;

export function Events() {
  const { t } = useTranslation();
  const events = useInfiniteQuery({
    ...eventsQuery,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? REFRESH_MS : false),
  });
  const rows = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label={t('system.events.title')}>
      <Text component="h2" fw={600} size="md" mb="xs">{t('system.events.title')}</Text>
      <ListBody
        isPending={events.isPending}
        error={events.error}
        onRetry={() => void events.refetch()}
        isEmpty={rows.length === 0}
        empty={<EmptyState icon="check" title={t('system.events.emptyTitle')} text={t('system.events.emptyText')} />}
      >
        <Table label={t('system.events.title')} columns={useEventColumns()} rows={rows} rowId={(row) => row.id} />
        {events.hasNextPage && (
          <Group justify="center" mt="md">
            <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
              {t('system.events.older')}
            </Button>
          </Group>
        )}
      </ListBody>
    </section>
  );
}

function concerns(row: SystemEvent): string {
  return [row.provider?.name, row.provider_key?.name, row.client_key?.name].filter(Boolean).join(' · ') || '–';
}

function useEventColumns(): Column<SystemEvent>[] {
  const { t } = useTranslation();
  return [
    { id: 'time', header: t('system.events.time'), heading: true, cell: (row) => <Time value={row.occurred_at} precise /> },
    { id: 'kind', header: t('system.events.kind'), cell: (row) => <Text span size="xs" ff="monospace">{row.kind}</Text> },
    { id: 'detail', header: t('system.events.detail'), cell: (row) => row.detail },
    { id: 'about', header: t('system.events.concerns'), show: 'wide', cell: concerns },
    {
      id: 'request',
      header: t('system.events.request'),
      show: 'wide',
      cell: (row) =>
        row.request_id === null ? '–' : (
          <TextLink to="/logs" search={{ record: row.request_id }} size="sm">{t('system.events.showRecord')}</TextLink>
        ),
    },
    {
      id: 'node',
      header: t('system.nodeId'),
      show: 'widest',
      cell: (row) => <Text span size="xs" ff="monospace" c="dimmed">{row.node_id}</Text>,
    },
  ];
}
