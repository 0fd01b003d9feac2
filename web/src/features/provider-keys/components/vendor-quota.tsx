// SPDX-License-Identifier: MIT
//
// What the provider said is left of its own limits for a key.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProviderKey } from '@/api/types';
import { Bar, Bars } from '@/components/limits/limit-bars';
import { Section } from '@/components/section';
import { Time } from '@/components/time';
import { formatCount } from '@/lib/format';
import { QUOTA_KINDS, usedOfQuota } from '../fns/quota';

export function VendorQuota({ quota }: { quota: ProviderKey['vendor_quota'] }) {
  const { t, i18n } = useTranslation();
  const told = QUOTA_KINDS.flatMap((kind) => {
    const left = quota[kind];
    return left === null ? [] : [{ kind, ...left }];
  });
  const seen = told.map(({ seen_at }) => seen_at).toSorted().at(-1);
  return (
    <Section
      title={t('providerKeys.quota.title')}
      end={seen !== undefined && <Text span size="xs" c="dimmed"><Time value={seen} precise /></Text>}
    >
      {told.length === 0 ? (
        <Text size="sm" c="dimmed">{t('providerKeys.quota.none')}</Text>
      ) : (
        <>
          <Bars>
            {told.map(({ kind, limit, remaining, resets_at }) => (
              <Bar
                key={kind}
                label={t(`metric.${kind}`)}
                amount={t('providerKeys.quota.left', {
                  remaining: formatCount(remaining, i18n.language), limit: formatCount(limit, i18n.language),
                })}
                percent={usedOfQuota({ limit, remaining })}
                resetsAt={resets_at}
              />
            ))}
          </Bars>
          <Text size="xs" c="dimmed" mt={6}>{t('providerKeys.quota.about')}</Text>
        </>
      )}
    </Section>
  );
}
