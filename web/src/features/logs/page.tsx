// SPDX-License-Identifier: MIT
//
// The records of requests, newest first.

import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { Icon } from '@/components/icons';
import { ButtonLink } from '@/components/links';
import { ListBody } from '@/components/list-body';
import { Page } from '@/components/page';
import { StateLabel } from '@/components/state-label';
import { Table } from '@/components/table/table';
import { ExportDialog } from './components/export-dialog';
import { FilterBar } from './components/filter-bar';
import { RunningStrip } from './components/running-strip';
import { changeFilters, isFiltered, type LogFilters } from './fns/filters';
import { useRecordColumns } from './hooks/use-record-columns';
import { useRecords } from './hooks/use-records';

const RecordDrawer = lazy(() => import('./components/record-drawer'));
const route = getRouteApi('/shell/logs');

export function LogsPage() {
  const { t } = useTranslation();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const { query, records, live, held, isAway, toggleLive, toNewest } = useRecords(filters);
  const columns = useRecordColumns();
  const [exporting, setExporting] = useState(false);

  const filter = (next: LogFilters) => void navigate({ search: next, replace: true });
  const open = (record: string | undefined) =>
    void navigate({ search: changeFilters(filters, { record }), resetScroll: false });

  return (
    <Page
      title={t('logs.title')}
      about={t('logs.about')}
      actions={<Button variant="default" onClick={() => setExporting(true)}>{t('logs.export.action')}</Button>}
    >
      <FilterBar
        filters={filters}
        onChange={filter}
        end={
          <>
            <LiveLabel live={live} held={held} isAway={isAway} />
            <Group gap={2}>
              <Tooltip label={t(live ? 'logs.live.stop' : 'logs.live.start')}>
                <ActionIcon aria-label={t(live ? 'logs.live.stop' : 'logs.live.start')} onClick={toggleLive}>
                  <Icon name={live ? 'pause' : 'play'} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t('logs.live.now')}>
                <ActionIcon aria-label={t('logs.live.now')} onClick={toNewest}><Icon name="refresh" /></ActionIcon>
              </Tooltip>
            </Group>
          </>
        }
      />
      <RunningStrip live={live} />
      <ListBody
        isPending={query.isPending}
        error={query.error}
        onRetry={() => void query.refetch()}
        isEmpty={records.length === 0 && !query.hasNextPage}
        empty={<NoRecords filtered={isFiltered(filters)} onClear={() => filter({})} />}
      >
        <Table
          label={t('logs.title')}
          columns={columns}
          rows={records}
          rowId={(row) => row.id}
          onOpen={(row) => open(String(row.id))}
          isCurrent={(row) => String(row.id) === filters.record}
        />
        <Group justify="center" mt="md">
          {held && <Button variant="default" onClick={toNewest}>{t('logs.toNewest')}</Button>}
          {query.hasNextPage && (
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t(records.length === 0 ? 'logs.lookOn' : 'logs.older')}
            </Button>
          )}
        </Group>
      </ListBody>
      {filters.record !== undefined && (
        <Suspense>
          <RecordDrawer id={filters.record} records={records} onOpen={open} />
        </Suspense>
      )}
      {exporting && <ExportDialog filters={filters} onClose={() => setExporting(false)} />}
    </Page>
  );
}

function LiveLabel({ live, held, isAway }: { live: boolean; held: boolean; isAway: boolean }) {
  const { t } = useTranslation();
  if (!live) return <StateLabel tone="idle">{t('logs.live.off')}</StateLabel>;
  if (held) return <StateLabel tone="idle">{t('logs.live.held')}</StateLabel>;
  if (isAway) return <StateLabel tone="warn">{t('logs.live.away')}</StateLabel>;
  return <StateLabel tone="ok">{t('logs.live.on')}</StateLabel>;
}

function NoRecords({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  if (filtered) {
    return (
      <EmptyState
        icon="search"
        title={t('common.noMatchTitle')}
        text={t('logs.noMatchText')}
        action={<Button variant="default" onClick={onClear}>{t('logs.filter.clear')}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon="records"
      title={t('logs.emptyTitle')}
      text={t('logs.emptyText')}
      action={<ButtonLink to="/client-keys">{t('logs.emptyAction')}</ButtonLink>}
    />
  );
}
