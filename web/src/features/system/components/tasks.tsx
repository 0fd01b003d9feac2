// SPDX-License-Identifier: MIT
//
// The background tasks of all nodes: whether they go well, and who does them.

import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { statusQuery, tasksQuery } from '@/api/system';
import type { Task } from '@/api/types';
import { ListBody } from '@/components/list-body';
import { StateLabel } from '@/components/state-label';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';
import { formatSpan } from '@/lib/format';
import { taskState } from '../fns/task-state';

const REFRESH_MS = 5_000;
const SHORT_ID = 8;

const NAMES = [
  'address', 'alert_deliveries', 'alerts', 'ingest', 'jobs', 'jwks', 'probes', 'publish', 'refresh', 'rests',
  'retention', 'upkeep',
] as const;

export function Tasks() {
  const { t } = useTranslation();
  const tasks = useQuery({ ...tasksQuery, refetchInterval: REFRESH_MS });
  const rows = tasks.data?.items ?? [];
  const columns = useTaskColumns(new Set(rows.map((row) => row.node_id)).size > 1);
  return (
    <section aria-label={t('system.tasks.title')}>
      <Text component="h2" fw={600} size="md" mb="xs">{t('system.tasks.title')}</Text>
      <ListBody
        isPending={tasks.isPending}
        error={tasks.error}
        onRetry={() => void tasks.refetch()}
        isEmpty={false}
        empty={null}
      >
        <Table label={t('system.tasks.title')} columns={columns} rows={rows} rowId={(row) => `${row.name} ${row.node_id}`} />
      </ListBody>
    </section>
  );
}

function TaskState({ task }: { task: Task }) {
  const { t } = useTranslation();
  const state = taskState(task);
  if (state === 'failing') {
    return <StateLabel tone="bad" detail={task.error}>{t('system.tasks.failing', { count: task.failures })}</StateLabel>;
  }
  return <StateLabel tone={state === 'good' ? 'ok' : 'idle'}>{t(`system.tasks.${state}`)}</StateLabel>;
}

function when(value: string | null) {
  return value === null ? '–' : <Time value={value} precise />;
}

function useTaskColumns(manyNodes: boolean): Column<Task>[] {
  const { t, i18n } = useTranslation();
  const status = useQuery(statusQuery);
  const nodeName = (id: string) => (id === status.data?.node_id ? t('system.tasks.thisNode') : id.slice(0, SHORT_ID));
  const name = (row: Task) => {
    const known = NAMES.find((one) => one === row.name);
    return known === undefined ? row.name : t(`system.tasks.nameOf.${known}`);
  };
  const node: Column<Task> = { id: 'node', header: t('system.node'), cell: (row) => nodeName(row.node_id) };
  return [
    { id: 'name', header: t('system.tasks.name'), heading: true, sort: name, cell: name },
    ...(manyNodes ? [node] : []),
    { id: 'state', header: t('system.tasks.state'), sort: (row) => -row.failures, cell: (row) => <TaskState task={row} /> },
    {
      id: 'lease',
      header: t('system.tasks.lease'),
      cell: (row) => (row.lease === null ? t('system.tasks.eachNode') : nodeName(row.lease.node_id)),
    },
    { id: 'started', header: t('system.tasks.started'), show: 'wide', cell: (row) => when(row.started_at) },
    { id: 'succeeded', header: t('system.tasks.succeeded'), cell: (row) => when(row.succeeded_at) },
    {
      id: 'took',
      header: t('system.tasks.took'),
      align: 'end',
      cell: (row) => (row.duration_us === null ? '–' : formatSpan(row.duration_us / 1000, i18n.language)),
    },
    { id: 'next', header: t('system.tasks.next'), show: 'widest', cell: (row) => when(row.next_at) },
  ];
}
