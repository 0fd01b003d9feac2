// SPDX-License-Identifier: MIT
//
// What a client key has used of its limits and of its user's, and the way to
// begin anew.

import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { clientKeyLimitsQuery, resetClientKeyLimits } from '@/api/limits';
import type { ClientKey, LimitReport } from '@/api/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { ErrorNote } from '@/components/error-note';
import { LimitBars } from '@/components/limits/limit-bars';
import { Section } from '@/components/section';
import { notifyDone } from '@/lib/notify';
import { RaiseLimit } from './raise-limit';

const REFRESH_MS = 3_000;

export function LimitSection({ clientKey }: { clientKey: ClientKey }) {
  const { t } = useTranslation();
  const { operates } = useRights();
  const report = useQuery({
    ...clientKeyLimitsQuery(clientKey.id),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Section
      title={t('limits.title')}
      end={operates && (report.data?.limits.length ?? 0) > 0 && (
        <Group gap="xs">
          <RaiseLimit clientKey={clientKey} />
          <Reset clientKey={clientKey} />
        </Group>
      )}
    >
      {report.error !== null && <ErrorNote error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <Skeleton height={48} role="status" aria-label={t('common.loading')} />}
      {report.data !== undefined && <Bars report={report.data} />}
    </Section>
  );
}

function Bars({ report: { limits, user_limits } }: { report: LimitReport }) {
  const { t } = useTranslation();
  if (limits.length + user_limits.length === 0) {
    return <Text size="sm" c="dimmed">{t('limits.noneSet')}</Text>;
  }
  return (
    <Stack gap="sm">
      {limits.length > 0 && (
        <div>
          {user_limits.length > 0 && <Text size="xs" fw={600} mb={4}>{t('limits.own')}</Text>}
          <LimitBars uses={limits} />
        </div>
      )}
      {user_limits.length > 0 && (
        <div>
          <Text size="xs" fw={600} mb={4}>{t('limits.ofUser')}</Text>
          <LimitBars uses={user_limits} />
        </div>
      )}
      <Text size="xs" c="dimmed">{t('limits.onNode')}</Text>
    </Stack>
  );
}

function Reset({ clientKey: { id, name } }: { clientKey: ClientKey }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [asked, setAsked] = useState(false);
  const reset = useMutation({
    mutationFn: () => resetClientKeyLimits(id),
    onSuccess: () => {
      setAsked(false);
      notifyDone(t('limits.resetDone', { name }));
      return cache.invalidateQueries({ queryKey: ['limits'] });
    },
  });
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setAsked(true)}>{t('limits.reset')}</Button>
      <ConfirmDialog
        opened={asked}
        title={t('limits.resetTitle', { name })}
        action={t('limits.reset')}
        pending={reset.isPending}
        error={reset.error}
        onConfirm={() => reset.mutate()}
        onClose={() => setAsked(false)}
      >
        {t('limits.resetText')}
      </ConfirmDialog>
    </>
  );
}
