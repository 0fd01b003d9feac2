// SPDX-License-Identifier: MIT
//
// A client key's limits, sums, models and days.

import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { KeyUsage } from '@/api/types';
import { Expiry } from '@/components/expiry';
import { Figures } from '@/components/figures';
import { LimitBars } from '@/components/limits/limit-bars';
import { Facts, Section } from '@/components/section';
import { StateLabel } from '@/components/state-label';
import { exactUsd, formatCount, formatDay, formatUsd } from '@/lib/format';
import classes from '../page.module.css';

interface Sums {
  requests: number;
  tokens: number;
  cost: string;
}

export function KeyReport({ usage }: { usage: KeyUsage }) {
  const { t, i18n } = useTranslation();
  const used = usage.days.filter((day) => day.requests > 0).toReversed();
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Section title={usage.name}>
          <Facts
            facts={[
              { label: t('usage.key'), value: <Text span size="xs" ff="monospace">{usage.prefix}…</Text> },
              {
                label: t('usage.state'),
                value: (
                  <StateLabel tone={usage.is_enabled ? 'ok' : 'bad'}>
                    {t(usage.is_enabled ? 'common.enabled' : 'common.disabled')}
                  </StateLabel>
                ),
              },
              { label: t('expiry.column'), value: <Expiry value={usage.expires_at} /> },
            ]}
          />
        </Section>
        <Section title={t('usage.limits')}>
          {usage.limits.length === 0
            ? <Text size="sm" c="dimmed" py={4}>{t('usage.noLimits')}</Text>
            : <LimitBars uses={usage.limits} />}
        </Section>
        <SumSection title={t('usage.today')} sums={usage.today} />
        <SumSection title={t('usage.month')} sums={usage.month} />
      </SimpleGrid>
      <Section title={t('usage.models')}>
        <SumTable
          first={t('usage.model')}
          rows={usage.models.map((row) => ({ ...row, name: row.model ?? t('usage.noModel') }))}
        />
      </Section>
      <Section title={t('usage.days')}>
        <SumTable
          first={t('usage.day')}
          rows={used.map((row) => ({ ...row, name: formatDay(row.date, i18n.language) }))}
        />
      </Section>
    </Stack>
  );
}

function SumSection({ title, sums }: { title: string; sums: Sums }) {
  const { t, i18n } = useTranslation();
  return (
    <Section title={title}>
      <Figures
        figures={[
          { label: t('usage.requests'), value: formatCount(sums.requests, i18n.language) },
          { label: t('usage.tokens'), value: formatCount(sums.tokens, i18n.language) },
          { label: t('usage.cost'), value: formatUsd(sums.cost, i18n.language), title: exactUsd(sums.cost) },
        ]}
      />
    </Section>
  );
}

function SumTable({ first, rows }: { first: string; rows: (Sums & { name: string })[] }) {
  const { t, i18n } = useTranslation();
  if (rows.length === 0) return <Text size="sm" c="dimmed" py={4}>{t('usage.none')}</Text>;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col">{t('usage.requests')}</th>
          <th scope="col">{t('usage.tokens')}</th>
          <th scope="col">{t('usage.cost')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>{row.name}</td>
            <td>{formatCount(row.requests, i18n.language)}</td>
            <td>{formatCount(row.tokens, i18n.language)}</td>
            <td title={exactUsd(row.cost)}>{formatUsd(row.cost, i18n.language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
