// SPDX-License-Identifier: MIT
//
// The facts of a request: who asked for what, when, and what came of it.

import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceDetail } from '@/api/types';
import { CopyButton } from '@/components/copy-button';
import { TextLink } from '@/components/links';
import { type Fact, Facts, Section } from '@/components/section';
import { Tag } from '@/components/tag';
import { formatBytes, formatFullTime, formatSpan } from '@/lib/format';
import { knownCode } from '../fns/why';
import classes from './request-facts.module.css';

export function RequestFacts({ record }: { record: TraceDetail }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  const code = knownCode(record.error_code);
  const facts: (Fact | null)[] = [
    record.error_code === null
      ? null
      : {
          label: t('logs.detail.errorCode'),
          value: (
            <>
              <Mono>{record.error_code}</Mono>
              {code !== null && <Text size="sm">{t(`logs.why.${code}`)}</Text>}
            </>
          ),
        },
    { label: t('logs.time'), value: formatFullTime(record.started_at, language) },
    {
      label: t('logs.duration'),
      value:
        record.first_byte_ms === null
          ? formatSpan(record.duration_ms, language)
          : t('logs.detail.durationOf', {
              duration: formatSpan(record.duration_ms, language),
              first: formatSpan(record.first_byte_ms, language),
            }),
    },
    {
      label: t('logs.clientKey'),
      value: record.client_key === null ? t('logs.detail.unknownKey') : (
        <TextLink to="/logs" search={{ client_key_id: record.client_key.id }} size="sm">
          {record.client_key.name}
        </TextLink>
      ),
    },
    {
      label: t('logs.model'),
      value: record.model === null ? '–' : (
        <>
          <TextLink to="/logs" search={{ model: record.model }} size="sm">{record.model}</TextLink>
          {record.model_served !== null && record.model_served !== record.model && (
            <Text span size="sm" c="dimmed"> {t('logs.detail.served', { model: record.model_served })}</Text>
          )}
        </>
      ),
    },
    {
      label: t('logs.detail.endpoint'),
      value: (
        <>
          <Mono>{record.method} {record.path}</Mono>{' '}
          <Tag>{t(`dialect.${record.dialect}`)}</Tag>
          {record.streaming && <Tag>{t('logs.streaming')}</Tag>}
        </>
      ),
    },
    {
      label: t('logs.detail.bytes'),
      value: t('logs.detail.bytesOf', {
        sent: formatBytes(record.request_bytes, language),
        received: formatBytes(record.response_bytes, language),
      }),
    },
    { label: t('logs.detail.caller'), value: <>{record.client_ip} <Text span size="xs" c="dimmed">{record.user_agent}</Text></> },
    { label: t('logs.detail.requestId'), value: <Copied text={record.request_id} /> },
    record.provider_request_id === null
      ? null
      : { label: t('logs.detail.providerRequestId'), value: <Copied text={record.provider_request_id} /> },
    { label: t('logs.detail.generation'), value: record.config_generation },
  ];
  return (
    <Section title={t('logs.detail.request')}>
      <Facts facts={facts.filter((fact) => fact !== null)} />
    </Section>
  );
}

function Mono({ children }: { children: ReactNode }) {
  return <Text span size="xs" ff="monospace">{children}</Text>;
}

function Copied({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.copied}>
      <Mono>{text}</Mono>
      <CopyButton text={text} label={t('common.copyText', { text })} />
    </span>
  );
}
