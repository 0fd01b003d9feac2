// SPDX-License-Identifier: MIT
//
// One record, whole: what happened, which keys were tried and why, what it used
// and what it cost.

import { ActionIcon, Drawer, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { traceQuery } from '@/api/logs';
import type { Trace, TraceDetail } from '@/api/types';
import { useRights } from '@/app/shell/use-rights';
import { ErrorNote } from '@/components/error-note';
import { Icon } from '@/components/icons';
import { Section } from '@/components/section';
import { useReturnFocus } from '@/lib/return-focus';
import { AttemptTimeline } from '@/components/record/attempt-timeline';
import { CostSection } from '@/components/record/cost-section';
import { DecisionSection } from '@/components/record/decision-section';
import { OutcomeLabel } from '@/components/record/outcome-label';
import { PayloadTexts } from './payload-texts';
import { ProviderHeads } from './provider-heads';
import classes from './record-drawer.module.css';
import { RequestFacts } from './request-facts';
import { UsageSection } from '@/components/record/usage-section';

interface Props {
  id: string;
  /** The list beside it, to step through. */
  records: Trace[];
  onOpen: (id: string | undefined) => void;
}

export default function RecordDrawer({ id, records, onOpen }: Props) {
  const { t } = useTranslation();
  const record = useQuery(traceQuery(id));
  useReturnFocus();

  return (
    <Drawer
      opened
      onClose={() => onOpen(undefined)}
      position="right"
      size={720}
      padding={0}
      title={<Head id={id} record={record.data} records={records} onOpen={onOpen} />}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      classNames={{ header: classes.header, title: classes.title, body: classes.body }}
    >
      {record.isPending && (
        <Stack p="md" gap="md" role="status" aria-label={t('common.loading')}>
          <Skeleton height={110} radius="md" />
          <Skeleton height={150} radius="md" />
          <Skeleton height={130} radius="md" />
        </Stack>
      )}
      {record.error !== null && (
        <Stack p="md"><ErrorNote error={record.error} onRetry={() => void record.refetch()} /></Stack>
      )}
      {record.data !== undefined && <Parts key={record.data.request_id} record={record.data} />}
    </Drawer>
  );
}

interface HeadProps extends Props {
  record: TraceDetail | undefined;
}

function Head({ id, record, records, onOpen }: HeadProps) {
  const { t } = useTranslation();
  const at = records.findIndex((row) => String(row.id) === id || row.id === record?.id);
  const newer = at > 0 ? records[at - 1] : undefined;
  const older = at >= 0 ? records[at + 1] : undefined;

  return (
    <div className={classes.head}>
      <div className={classes.what}>
        <Text fw={600} size="md" lineClamp={1}>{record?.model ?? record?.path ?? t('logs.detail.title')}</Text>
        {record !== undefined && <OutcomeLabel record={record} />}
      </div>
      <Group gap={2} wrap="nowrap">
        <ActionIcon
          aria-label={t('logs.detail.newer')}
          disabled={newer === undefined}
          onClick={() => onOpen(newer && String(newer.id))}
        >
          <Icon name="previous" />
        </ActionIcon>
        <ActionIcon
          aria-label={t('logs.detail.older')}
          disabled={older === undefined}
          onClick={() => onOpen(older && String(older.id))}
        >
          <Icon name="next" />
        </ActionIcon>
      </Group>
    </div>
  );
}

/** What was said and sent is for operators, and only asked for when it is wanted. */
function Parts({ record }: { record: TraceDetail }) {
  const { t } = useTranslation();
  const { operates } = useRights();
  if (!operates) return <Detail record={record} />;
  return (
    <Tabs defaultValue="record" keepMounted={false}>
      <Tabs.List px="md">
        <Tabs.Tab value="record">{t('logs.detail.title')}</Tabs.Tab>
        <Tabs.Tab value="seen">{t('logs.seen.title')}</Tabs.Tab>
        <Tabs.Tab value="texts">{t('logs.texts.title')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="record"><Detail record={record} /></Tabs.Panel>
      <Tabs.Panel value="seen"><ProviderHeads record={record} /></Tabs.Panel>
      <Tabs.Panel value="texts"><PayloadTexts record={record} /></Tabs.Panel>
    </Tabs>
  );
}

function Detail({ record }: { record: TraceDetail }) {
  const { t } = useTranslation();
  return (
    <Stack p="md" gap="md">
      <RequestFacts record={record} />
      <Section title={t('logs.detail.attempts')}>
        <AttemptTimeline record={record} />
      </Section>
      {record.decision !== null && <DecisionSection decision={record.decision} />}
      <UsageSection record={record} />
      <CostSection record={record} />
    </Stack>
  );
}
