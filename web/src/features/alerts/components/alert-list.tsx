// SPDX-License-Identifier: MIT
//
// Alerts, newest first, by state, severity and rule.

import { Button, Group, Select } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { alertRulesQuery, alertsQuery } from '@/api/alerts';
import type { Alert } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ListBody } from '@/components/list-body';
import { NameButton } from '@/components/name-button';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';
import { Toolbar } from '@/components/toolbar';
import { type AlertSearch, filterOf, readAlertSearch, SEVERITIES, STATES } from '../fns/search';
import { formatAlertValue } from '../fns/value';
import { AlertDrawer } from './alert-drawer';
import { AlertState, AlertSubject } from './alert-label';

const route = getRouteApi('/shell/alerts');
const REFRESH_MS = 5_000;

export function AlertList() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const alerts = useInfiniteQuery({
    ...alertsQuery(filterOf(search)),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? REFRESH_MS : false),
  });
  const rows = alerts.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (next: Record<string, unknown>) =>
    void navigate({ search: (now) => readAlertSearch({ ...now, ...next }), replace: true });
  const open = (row: Alert) => change({ open: row.id });
  const columns = useAlertColumns(open);

  return (
    <>
      <Filters search={search} onChange={change} />
      <ListBody
        isPending={alerts.isPending}
        error={alerts.error}
        onRetry={() => void alerts.refetch()}
        isEmpty={rows.length === 0}
        empty={
          search.state === undefined && search.rule === undefined && search.severity === undefined ? (
            <EmptyState icon="check" title={t('alerts.emptyTitle')} text={t('alerts.emptyText')} />
          ) : (
            <EmptyState icon="search" title={t('common.noMatchTitle')} text={t('common.noMatchText')} />
          )
        }
      >
        <Table
          label={t('alerts.title')}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          onOpen={open}
          isDimmed={(row) => row.state === 'resolved'}
        />
        {alerts.hasNextPage && (
          <Group justify="center" mt="md">
            <Button variant="default" loading={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()}>
              {t('alerts.older')}
            </Button>
          </Group>
        )}
      </ListBody>
      {search.open !== undefined && <AlertDrawer id={search.open} onClose={() => change({ open: undefined })} />}
    </>
  );
}

function Filters({ search, onChange }: { search: AlertSearch; onChange: (next: Record<string, unknown>) => void }) {
  const { t } = useTranslation();
  const rights = useRights();
  const rules = useQuery({ ...alertRulesQuery, enabled: rights.sees });
  return (
    <Toolbar>
      <Select
        size="xs"
        w={150}
        aria-label={t('alerts.state')}
        allowDeselect={false}
        data={STATES.map((value) => ({ value, label: t(`alerts.shown.${value}`) }))}
        value={search.state ?? 'open'}
        onChange={(state) => onChange({ state })}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t('alerts.severity')}
        placeholder={t('alerts.anySeverity')}
        clearable
        data={SEVERITIES.map((value) => ({ value, label: t(`alerts.severityName.${value}`) }))}
        value={search.severity ?? null}
        onChange={(severity) => onChange({ severity: severity ?? undefined })}
      />
      {rights.sees && (
        <Select
          size="xs"
          w={220}
          aria-label={t('alerts.rule')}
          placeholder={t('alerts.anyRule')}
          clearable
          searchable
          nothingFoundMessage={t('common.noMatchTitle')}
          data={(rules.data ?? []).map((rule) => ({ value: String(rule.id), label: rule.name }))}
          value={search.rule === undefined ? null : String(search.rule)}
          onChange={(rule) => onChange({ rule: rule ?? undefined })}
        />
      )}
    </Toolbar>
  );
}

function useAlertColumns(onOpen: (row: Alert) => void): Column<Alert>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      id: 'rule',
      header: t('alerts.rule'),
      heading: true,
      cell: (row) => <NameButton name={row.rule.name} onClick={() => onOpen(row)} />,
    },
    { id: 'state', header: t('alerts.state'), cell: (row) => <AlertState alert={row} /> },
    { id: 'subject', header: t('alerts.concerns'), cell: (row) => <AlertSubject alert={row} /> },
    {
      id: 'value',
      header: t('alerts.value'),
      align: 'end',
      cell: (row) => formatAlertValue(row.unit, row.value, i18n.language),
    },
    { id: 'severity', header: t('alerts.severity'), show: 'wide', cell: (row) => t(`alerts.severityName.${row.severity}`) },
    { id: 'started', header: t('alerts.startedAt'), cell: (row) => <Time value={row.started_at} /> },
    {
      id: 'resolved',
      header: t('alerts.resolvedAt'),
      show: 'wide',
      cell: (row) => (row.resolved_at === null ? '–' : <Time value={row.resolved_at} />),
    },
  ];
}
