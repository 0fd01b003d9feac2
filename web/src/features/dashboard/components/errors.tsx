// SPDX-License-Identifier: MIT
//
// Why requests did not succeed.

import { Skeleton, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { errorsQuery } from '@/api/statistics';
import { ErrorNote } from '@/components/error-note';
import { TextLink } from '@/components/links';
import { Section } from '@/components/section';
import { knownErrorClass } from '@/lib/error-classes';
import { formatCount, formatShare } from '@/lib/format';
import classes from './shares.module.css';
import type { Span } from '../fns/search';

const REFRESH_MS = 30_000;

export function Errors({ days }: { days: Span }) {
  const { t, i18n } = useTranslation();
  const errors = useQuery({ ...errorsQuery(days), refetchInterval: REFRESH_MS, placeholderData: keepPreviousData });
  const rows = errors.data ?? [];
  return (
    <Section title={t('dashboard.errors')}>
      {errors.error !== null && <ErrorNote error={errors.error} onRetry={() => void errors.refetch()} />}
      {errors.isPending && <Skeleton height={160} role="status" aria-label={t('common.loading')} />}
      {errors.isSuccess && rows.length === 0 && <Text size="sm" c="dimmed" py="sm">{t('dashboard.noErrors')}</Text>}
      {rows.length > 0 && (
        <ul className={classes.list}>
          {rows.map((row) => (
            <li key={row.class}>
              <div className={classes.line}>
                <TextLink to="/logs" search={{ class: row.class }} size="sm"><Name word={row.class} /></TextLink>
                <span className={classes.value}>
                  {formatCount(row.requests, i18n.language)}
                  <span className={classes.share}>{formatShare(row.share, i18n.language)}</span>
                </span>
              </div>
              <div className={classes.track} data-bad aria-hidden="true">
                <span style={{ width: `${row.share * 100}%` }} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Name({ word }: { word: string }) {
  const { t } = useTranslation();
  const known = knownErrorClass(word);
  return known === undefined ? word : t(`errorClass.${known}`);
}
