// SPDX-License-Identifier: MIT
//
// The nodes that share the database, where there are several: what each serves,
// and since when it is silent.

import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { nodesQuery } from '@/api/system';
import type { GatewayNode } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { StateLabel } from '@/components/state-label';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';
import { formatCount, formatLongSpan } from '@/lib/format';

const REFRESH_MS = 5_000;
// A daemon reports every two seconds.
const SILENT_MS = 10_000;

export function Nodes() {
  const { t } = useTranslation();
  const nodes = useQuery({ ...nodesQuery, refetchInterval: REFRESH_MS });
  const columns = useNodeColumns(Math.max(0, ...(nodes.data?.items ?? []).map((node) => node.config_version)));
  if (nodes.error !== null) return <ErrorNote error={nodes.error} onRetry={() => void nodes.refetch()} />;
  if (nodes.data === undefined || nodes.data.items.length < 2) return null;
  return (
    <section aria-label={t('system.nodes.title')}>
      <Text component="h2" fw={600} size="md" mb="xs">{t('system.nodes.title')}</Text>
      <Table label={t('system.nodes.title')} columns={columns} rows={nodes.data.items} rowId={(row) => row.node_id} />
    </section>
  );
}

function useNodeColumns(newest: number): Column<GatewayNode>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      id: 'name',
      header: t('system.nodes.name'),
      heading: true,
      cell: (row) => (row.is_this ? t('system.nodes.this', { name: row.name }) : row.name),
    },
    {
      id: 'state',
      header: t('system.nodes.state'),
      cell: (row) => {
        if (row.silent_ms > SILENT_MS) {
          return <StateLabel tone="bad">{t('system.nodes.silent', { span: formatLongSpan(row.silent_ms, i18n.language) })}</StateLabel>;
        }
        return row.config_version < newest
          ? <StateLabel tone="warn">{t('system.nodes.behind')}</StateLabel>
          : <StateLabel tone="ok">{t('system.nodes.current')}</StateLabel>;
      },
    },
    { id: 'generation', header: t('system.generation'), cell: (row) => formatCount(row.generation, i18n.language) },
    { id: 'started', header: t('system.startedAt'), show: 'wide', cell: (row) => <Time value={row.started_at} /> },
    { id: 'version', header: t('system.version'), show: 'wide', cell: (row) => row.version },
    {
      id: 'id',
      header: t('system.nodeId'),
      show: 'widest',
      cell: (row) => <Text span size="xs" ff="monospace" c="dimmed">{row.node_id}</Text>,
    },
  ];
}
