// SPDX-License-Identifier: MIT
//
// What a request cost, and how that comes about, as the daemon calculates it.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TraceDetail } from '@/api/types';
import { Section } from '@/components/section';
import { exactUsd, formatCount } from '@/lib/format';
import { perUnits } from './fns/cost';
import classes from './cost-section.module.css';

export function CostSection({ record }: { record: TraceDetail }) {
  const { t, i18n } = useTranslation();
  const cost = record.cost_usd;
  const stated = record.usage.provider_cost_usd !== null;
  const lines = stated || cost === null ? [] : (record.bill?.lines ?? []);
  const factors = [record.bill?.service_factor, record.bill?.place_factor].filter((factor) => typeof factor === 'string');

  return (
    <Section title={t('logs.detail.cost')} end={<b className={classes.total}>{exactUsd(cost)}</b>}>
      {cost === null && <Text size="sm" c="dimmed">
          {t(record.usage_source === 'none' || record.usage_source === 'repeated' ? 'logs.detail.noCost' : 'logs.detail.unpriced')}
        </Text>}
      {cost !== null && stated && <Text size="sm" c="dimmed">{t('logs.detail.statedCost')}</Text>}
      {lines.length > 0 && (
        <table className={classes.lines}>
          <caption>
            {t('logs.detail.priceVersion', { version: record.price_version_id })}
            {record.bill?.long_context === true && <> · {t('logs.detail.longContext')}</>}
            {factors.map((factor) => <span key={factor}> · {t('logs.detail.factor', { factor })}</span>)}
          </caption>
          <tbody>
            {lines.map((line) => {
              const unit = perUnits(line.price_usd, line.per);
              return (
                <tr key={line.what}>
                  <th scope="row">{t(`logs.price.${line.what}`, { defaultValue: line.what })}</th>
                  <td>{formatCount(line.quantity, i18n.language)}</td>
                  <td>
                    {t(`logs.detail.${unit.per}`, { price: unit.price })}
                    {line.scale !== null && <> {t('logs.detail.factor', { factor: line.scale })}</>}
                  </td>
                  <td>{exactUsd(line.amount_usd)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}
