// SPDX-License-Identifier: MIT
//
// Which provider keys could have served the request, and why others could not.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Decision } from '@/api/types';
import { Section } from '@/components/section';
import { Time } from '@/components/time';
import { formatSpan } from '@/lib/format';
import classes from './decision-section.module.css';

export function DecisionSection({ decision }: { decision: Decision }) {
  const { t, i18n } = useTranslation();
  return (
    <Section title={t('logs.detail.decision')}>
      <p className={classes.text}>
        {t('logs.detail.candidates', {
          count: decision.candidates,
          could: decision.candidates - decision.excluded.length,
          strategy: t(`strategy.${decision.strategy}`),
        })}
      </p>
      {decision.sticky && <p className={classes.text}>{t(`logs.detail.sticky.${decision.sticky}`)}</p>}
      {typeof decision.parked_ms === 'number' && (
        <p className={classes.text}>
          {t('logs.detail.parked', { span: formatSpan(decision.parked_ms, i18n.language) })}
        </p>
      )}
      {(decision.ranked ?? []).length > 0 && (
        <>
          <Text size="sm" c="dimmed" mt={8} mb={2}>{t('logs.detail.ranked')}</Text>
          <ol className={classes.list}>
            {decision.ranked?.map(({ provider_key, score }) => (
              <li key={provider_key.id} className={classes.row}>
                <span>{provider_key.name}</span>
                <span className={classes.reason}>{t('logs.detail.score', { score })}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {decision.excluded.length > 0 && (
        <>
          <Text size="sm" c="dimmed" mt={8} mb={2}>{t('logs.detail.excluded')}</Text>
          <ul className={classes.list}>
            {decision.excluded.map(({ provider_key, reason, until }) => (
              <li key={`${provider_key.id}-${reason}`} className={classes.row}>
                <span>{provider_key.name}</span>
                <span className={classes.reason}>
                  {t(`logs.reason.${reason}`)}
                  {until !== null && <> · {t('logs.detail.until')} <Time value={until} precise /></>}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
