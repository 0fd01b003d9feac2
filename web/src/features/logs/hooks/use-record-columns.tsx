// SPDX-License-Identifier: MIT
//
// The columns of the list of records.

import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Trace } from '@/api/types';
import { TextLink } from '@/components/links';
import type { Column } from '@/components/table/table';
import { Time } from '@/components/time';
import { exactUsd, formatCount, formatSpan, formatUsd } from '@/lib/format';
import { OutcomeLabel } from '@/components/record/outcome-label';

const route = getRouteApi('/shell/logs');

export function useRecordColumns(): Column<Trace>[] {
  const { t, i18n } = useTranslation();
  const search = route.useSearch();
  const language = i18n.language;

  return [
    {
      id: 'time',
      header: t('logs.time'),
      heading: true,
      cell: (row) => (
        <TextLink to="/logs" search={{ ...search, record: String(row.id) }} resetScroll={false} c="inherit" size="sm">
          <Time value={row.started_at} precise />
        </TextLink>
      ),
    },
    { id: 'status', header: t('logs.status'), cell: (row) => <OutcomeLabel record={row} /> },
    {
      id: 'model',
      header: t('logs.model'),
      cell: (row) =>
        row.model ?? (
          <Text span display="block" maw={240} truncate size="xs" c="dimmed" ff="monospace" title={row.path}>
            {row.path}
          </Text>
        ),
    },
    { id: 'client_key', header: t('logs.clientKey'), cell: (row) => row.client_key?.name ?? '–' },
    {
      id: 'provider_key',
      header: t('logs.providerKey'),
      show: 'wide',
      cell: (row) => (
        <>
          {row.provider_key?.name ?? '–'}
          {row.attempts > 1 && (
            <Text span size="xs" c="dimmed" ml={6} title={t('logs.attemptCount', { count: row.attempts })}>
              ×{row.attempts}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'input',
      header: t('logs.input'),
      align: 'end',
      cell: (row) => formatCount(row.input_tokens, language),
    },
    {
      id: 'output',
      header: t('logs.output'),
      align: 'end',
      cell: (row) => formatCount(row.output_tokens, language),
    },
    {
      id: 'cost',
      header: t('logs.cost'),
      align: 'end',
      cell: (row) => <span title={exactUsd(row.cost_usd)}>{formatUsd(row.cost_usd, language)}</span>,
    },
    {
      id: 'first_byte',
      header: t('logs.firstByte'),
      align: 'end',
      show: 'widest',
      cell: (row) => formatSpan(row.first_byte_ms, language),
    },
    {
      id: 'duration',
      header: t('logs.duration'),
      align: 'end',
      show: 'wide',
      cell: (row) => formatSpan(row.duration_ms, language),
    },
  ];
}
