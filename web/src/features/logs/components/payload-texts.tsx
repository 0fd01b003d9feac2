// SPDX-License-Identifier: MIT
//
// What a request said, where its client key has that kept.

import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';
import { tracePayloadQuery } from '@/api/logs';
import type { KeptText, TraceDetail } from '@/api/types';
import { CodeBlock } from '@/components/code-block';
import { ErrorNote } from '@/components/error-note';
import { TextLink } from '@/components/links';
import { Notice } from '@/components/notice';
import { Section } from '@/components/section';
import { Tag } from '@/components/tag';
import { formatBytes, formatFullTime } from '@/lib/format';
import { prettyText } from '../fns/texts';

export function PayloadTexts({ record }: { record: TraceDetail }) {
  const { t, i18n } = useTranslation();
  const payload = useQuery(tracePayloadQuery(record.request_id));
  if (payload.isPending) {
    return <Stack p="md"><Skeleton height={150} role="status" aria-label={t('common.loading')} /></Stack>;
  }
  if (payload.error instanceof ApiError && payload.error.status === 404) return <NotKept record={record} />;
  if (payload.error !== null) {
    return <Stack p="md"><ErrorNote error={payload.error} onRetry={() => void payload.refetch()} /></Stack>;
  }
  return (
    <Stack p="md" gap="md">
      <Text size="xs" c="dimmed">
        {t('logs.texts.about', { until: formatFullTime(payload.data.kept_until, i18n.language) })}
      </Text>
      <KeptSection title={t('logs.texts.request')} kept={payload.data.request} testId="kept-request" />
      <KeptSection title={t('logs.texts.answer')} kept={payload.data.answer} testId="kept-answer" />
    </Stack>
  );
}

function NotKept({ record }: { record: TraceDetail }) {
  const { t } = useTranslation();
  return (
    <Stack p="md" gap="xs">
      <Text size="sm" fw={600}>{t('logs.texts.none')}</Text>
      <Text size="sm" c="dimmed">{t('logs.texts.noneText')}</Text>
      {record.client_key !== null && (
        <TextLink to="/client-keys" search={{ open: record.client_key.id }} size="sm">
          {t('logs.texts.toKey', { name: record.client_key.name })}
        </TextLink>
      )}
    </Stack>
  );
}

interface KeptProps {
  title: string;
  kept: KeptText | null;
  testId: string;
}

function KeptSection({ title, kept, testId }: KeptProps) {
  const { t, i18n } = useTranslation();
  if (kept === null) {
    return <Section title={title}><Text size="sm" c="dimmed">{t('logs.texts.partNone')}</Text></Section>;
  }
  return (
    <Section title={title}>
      <Stack gap="xs" py={4}>
        <Group gap={6}>
          <Text size="xs" c="dimmed">{formatBytes(kept.bytes, i18n.language)}</Text>
          {kept.content_type !== '' && <Tag>{kept.content_type}</Tag>}
        </Group>
        {kept.is_cut && <Notice tone="warn">{t('logs.texts.cut')}</Notice>}
        {kept.hidden > 0 && <Notice tone="warn">{t('logs.texts.hidden', { count: kept.hidden })}</Notice>}
        {kept.is_binary
          ? <Text size="sm" c="dimmed">{t('logs.texts.binary')}</Text>
          : <CodeBlock wraps text={prettyText(kept.text)} label={t('logs.texts.copy', { title })} testId={testId} />}
      </Stack>
    </Section>
  );
}
