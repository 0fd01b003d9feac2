// SPDX-License-Identifier: MIT
//
// How this node is: the daemon, and the three files it shares with nginx.

import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { statusQuery } from '@/api/system';
import type { SystemStatus } from '@/api/types';
import { CopyButton } from '@/components/copy-button';
import { ErrorNote } from '@/components/error-note';
import { Page } from '@/components/page';
import { Facts, Section } from '@/components/section';
import { StateLabel } from '@/components/state-label';
import { Time } from '@/components/time';
import { useNow } from '@/lib/clock';
import { formatBytes, formatCount, formatLongSpan, formatSpan } from '@/lib/format';
import { Events } from './components/events';
import { Nodes } from './components/nodes';
import { Tasks } from './components/tasks';
import { systemWarnings, type Warning } from '@/lib/system-warnings';
import classes from './page.module.css';

const REFRESH_MS = 5_000;
const BAD = new Set<Warning>(['snapshot', 'lost', 'room']);

// As high as what comes in their place, so that nothing below them moves.
const VERDICT_HEIGHT = 40;
const HEAD_HEIGHT = 63;
const FACT_HEIGHT = 30;
const FACTS = [
  { id: 'node', count: 6 }, { id: 'snapshot', count: 6 }, { id: 'state', count: 3 }, { id: 'ledger', count: 9 },
] as const;

function heightOf(facts: number): number {
  return HEAD_HEIGHT + facts * FACT_HEIGHT;
}

export function SystemPage() {
  const { t } = useTranslation();
  const status = useQuery({ ...statusQuery, refetchInterval: REFRESH_MS });

  return (
    <Page title={t('system.title')} about={t('system.about')}>
      <Stack gap="md">
        {status.error !== null && (
          <ErrorNote error={status.error} onRetry={() => void status.refetch()} />
        )}
        {status.data === undefined ? (
          status.isPending && <Skeleton height={VERDICT_HEIGHT} radius="md" role="status" aria-label={t('common.loading')} />
        ) : (
          <Verdict status={status.data} />
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          {status.data === undefined ? (
            status.isPending && FACTS.map(({ id, count }) => <Skeleton key={id} height={heightOf(count)} radius="md" />)
          ) : (
            <>
              <Node status={status.data} />
              <Snapshot status={status.data} />
              <Live status={status.data} />
              <Ledger status={status.data} />
            </>
          )}
        </SimpleGrid>
        <Nodes />
        <Tasks />
        <Events />
      </Stack>
    </Page>
  );
}

function Verdict({ status }: { status: SystemStatus }) {
  const { t } = useTranslation();
  const warnings = systemWarnings(status);
  if (warnings.length === 0) {
    return <div className={classes.verdict}><StateLabel tone="ok">{t('system.well')}</StateLabel></div>;
  }
  return (
    <ul className={classes.verdict} data-warn>
      {warnings.map((warning) => (
        <li key={warning}>
          <StateLabel tone={BAD.has(warning) ? 'bad' : 'warn'}>
            {t(`system.warning.${warning}`)}
          </StateLabel>
        </li>
      ))}
    </ul>
  );
}

function Node({ status }: { status: SystemStatus }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  return (
    <Section title={t('system.node')}>
      <Facts
        facts={[
          { label: t('system.nodeName'), value: status.node_name },
          { label: t('system.version'), value: status.version },
          {
            label: t('system.nodeId'),
            value: (
              <span className={classes.id}>
                {status.node_id}
                <CopyButton text={status.node_id} label={t('system.copyNodeId')} />
              </span>
            ),
          },
          { label: t('system.startedAt'), value: <Time value={status.started_at} /> },
          {
            label: t('system.uptime'),
            value: formatLongSpan(Math.max(0, now - Date.parse(status.started_at)), i18n.language),
          },
          { label: t('system.database'), value: t(`system.databaseName.${status.database}`) },
        ]}
      />
    </Section>
  );
}

function Snapshot({ status: { snapshot, config_generation, config_age_ms } }: { status: SystemStatus }) {
  const { t, i18n } = useTranslation();
  return (
    <Section title={t('system.snapshot')}>
      <Facts
        facts={[
          { label: t('system.generation'), value: formatCount(snapshot.generation, i18n.language) },
          { label: t('system.wanted'), value: formatCount(config_generation, i18n.language) },
          { label: t('system.bytes'), value: formatBytes(snapshot.bytes, i18n.language) },
          {
            label: t('system.publishedAt'),
            value: snapshot.published_at === null ? '–' : <Time value={snapshot.published_at} />,
          },
          {
            label: t('system.checked'),
            value: config_age_ms === null ? '–' : t('system.ago', { span: formatSpan(config_age_ms, i18n.language) }),
          },
          {
            label: t('system.lastError'),
            value: snapshot.error === null ? t('system.none') : <StateLabel tone="bad">{snapshot.error}</StateLabel>,
          },
        ]}
      />
    </Section>
  );
}

function Live({ status: { state } }: { status: SystemStatus }) {
  const { t, i18n } = useTranslation();
  return (
    <Section title={t('system.state')}>
      <Facts
        facts={[
          { label: t('system.inFlight'), value: formatCount(state.in_flight, i18n.language) },
          { label: t('system.columns'), value: formatCount(state.columns_in_use, i18n.language) },
          {
            label: t('system.slots'),
            value: t('limits.usedOf', {
              used: formatCount(state.slots_in_use, i18n.language), limit: formatCount(state.slots, i18n.language),
            }),
          },
        ]}
      />
    </Section>
  );
}

function Ledger({ status: { ledger } }: { status: SystemStatus }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <Section title={t('system.ledger')}>
      <Facts
        facts={[
          { label: t('system.ingested'), value: count(ledger.records_ingested) },
          { label: t('system.lag'), value: formatSpan(ledger.lag_ms, i18n.language) },
          { label: t('system.segments'), value: `${count(ledger.segments)} · ${formatBytes(ledger.bytes, i18n.language)}` },
          { label: t('system.waiting'), value: formatBytes(ledger.waiting_bytes, i18n.language) },
          { label: t('system.spool'), value: formatBytes(ledger.spool_bytes, i18n.language) },
          { label: t('system.lost'), value: count(ledger.records_lost) },
          { label: t('system.refused'), value: count(ledger.records_refused) },
          { label: t('system.requestsRefused'), value: count(ledger.requests_refused) },
          { label: t('system.textsDropped'), value: count(ledger.payloads_dropped) },
        ]}
      />
    </Section>
  );
}
