// SPDX-License-Identifier: MIT
//
// What a request cost, and how that comes about.

import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { pricesQuery } from '@/api/system';
import type { TraceDetail } from '@/api/types';
import { Section } from '@/components/section';
import { exactUsd, formatCount } from '@/lib/format';
import { costLines } from '../fns/cost';
import classes from './cost-section.module.css';

export function CostSection({ record }: { record: TraceDetail }) {
  const { t, i18n } = useTranslation();
  const prices = useQuery(pricesQuery);
  const price = prices.data?.find((row) => row.id === record.price_version_id);
  const cost = record.cost_usd;
  const lines = price === undefined || cost === null ? [] : costLines(price, record.usage, cost);

  return (
    <Section title={t('logs.detail.cost')} end={<b className={classes.total}>{exactUsd(cost)}</b>}>
      {cost === null && <Text size="sm" c="dimmed">
          {t(record.usage_source === 'none' ? 'logs.detail.noCost' : 'logs.detail.unpriced')}
        </Text>}
      {cost !== null && lines.length === 0 && (
        <Text size="sm" c="dimmed">{t('logs.detail.noArithmetic')}</Text>
      )}
      {price !== undefined && lines.length > 0 && (
        <table className={classes.lines}>
          <caption>{t('logs.detail.priceOf', { list: price.provider, model: price.model })}</caption>
          <tbody>
            {lines.map((line) => (
              <tr key={line.kind}>
                <th scope="row">{t(`logs.price.${line.kind}`)}</th>
                <td>{formatCount(line.tokens, i18n.language)}</td>
                <td>{t('logs.detail.perMillion', { price: line.perMillion })}</td>
                <td>{exactUsd(line.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
