// SPDX-License-Identifier: MIT
//
// The tokens of a request, split.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TraceDetail } from '@/api/types';
import { Section } from '@/components/section';
import { formatCount } from '@/lib/format';
import { countedManner, moreCounts, usageShares } from './fns/usage';
import classes from './usage-section.module.css';

export function UsageSection({ record }: { record: TraceDetail }) {
  const { t, i18n } = useTranslation();
  const shares = usageShares(record.usage);
  const total = shares.reduce((sum, share) => sum + share.tokens, 0);
  const source = (
    <Text span size="xs" c="dimmed">{t(`logs.usageSource.${record.usage_source}`)}</Text>
  );

  return (
    <Section title={t('logs.detail.usage')} end={source}>
      {total === 0 ? (
        <Text size="sm" c="dimmed">{t('logs.detail.noUsage')}</Text>
      ) : (
        <>
          <div className={classes.bar} aria-hidden="true">
            {shares.map((share) => (
              <span key={share.part} data-part={share.part} style={{ flexGrow: share.tokens }} />
            ))}
          </div>
          <ul className={classes.list}>
            {shares.map((share) => (
              <li key={share.part}>
                <i data-part={share.part} />
                <span>{t(`logs.part.${share.part}`)}</span>
                <b>{formatCount(share.tokens, i18n.language)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
      {moreCounts(record.usage).length > 0 && (
        <ul className={classes.list}>
          {moreCounts(record.usage).map(([name, count]) => (
            <li key={name}>
              <i />
              <span>{t(`logs.count.${name}`, { defaultValue: name })}</span>
              <b>{formatCount(count, i18n.language)}</b>
            </li>
          ))}
        </ul>
      )}
      {countedManner(record).map(({ key, values }) => (
        <Text key={key} size="xs" c="dimmed">{t(`logs.manner.${key}`, values)}</Text>
      ))}
    </Section>
  );
}
