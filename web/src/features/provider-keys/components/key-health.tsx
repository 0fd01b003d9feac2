// SPDX-License-Identifier: MIT
//
// The health of one provider key: how well it does, what keeps it from serving
// and what brings it back, and what happened to it.

import { Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { keyHealthQuery } from '@/api/provider-keys';
import type { KeyHealth as Known, ProviderKey } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { Facts, Section } from '@/components/section';
import { Time } from '@/components/time';
import { formatLongSpan } from '@/lib/format';
import { useHealthActions } from '../hooks/use-health-actions';
import { HealthHistory } from './health-history';
import { RunningRests } from './running-rests';

const REFRESH_MS = 5_000;

export function KeyHealth({ providerKey }: { providerKey: ProviderKey }) {
  const { t } = useTranslation();
  const mayChange = useRights().mayChange(providerKey.owner_user_id);
  const { check, endRest } = useHealthActions();
  const query = useInfiniteQuery({
    ...keyHealthQuery(providerKey.id),
    refetchInterval: (self) => ((self.state.data?.pages.length ?? 0) <= 1 ? REFRESH_MS : false),
  });
  const health = query.data?.pages[0];
  const error = check.error ?? endRest.error ?? query.error;
  return (
    <Section
      title={t('providerKeys.healthOf.title')}
      end={
        <Group gap="xs">
          {health !== undefined && health.rests.length > 0 && (
            <Button variant="default" size="xs" disabled={!mayChange} loading={endRest.isPending} onClick={() => endRest.mutate(providerKey)}>
              {t('providerKeys.healthOf.endRest')}
            </Button>
          )}
          <Button variant="default" size="xs" disabled={!mayChange} loading={check.isPending} onClick={() => check.mutate(providerKey)}>
            {t('providerKeys.healthOf.check')}
          </Button>
        </Group>
      }
    >
      {error !== null && <ErrorNote error={error} />}
      {health !== undefined && (
        <>
          <HealthFacts health={health} />
          <RunningRests rests={health.rests} readAt={query.dataUpdatedAt} />
          <HealthHistory
            entries={query.data?.pages.flatMap((page) => page.history.items) ?? []}
            onOlder={query.hasNextPage ? () => void query.fetchNextPage() : null}
            isLoading={query.isFetchingNextPage}
          />
        </>
      )}
    </Section>
  );
}

function HealthFacts({ health }: { health: Known }) {
  const { t, i18n } = useTranslation();
  const { probe, traffic } = health;
  const every =
    probe.path === null
      ? t('providerKeys.healthOf.probeNone')
      : probe.interval_seconds === null
        ? t('providerKeys.healthOf.probeDemand')
        : t('providerKeys.healthOf.probeEvery', { span: formatLongSpan(probe.interval_seconds * 1000, i18n.language) });
  return (
    <Facts
      facts={[
        {
          label: t('providerKeys.healthOf.score'),
          value: health.score === null
            ? t('providerKeys.healthOf.scoreUnknown')
            : t('providerKeys.healthOf.scoreOf', { score: health.score }),
        },
        {
          label: t('providerKeys.healthOf.traffic'),
          value: t('providerKeys.healthOf.trafficOf', { count: traffic.attempts, failed: traffic.failed }),
        },
        { label: t('providerKeys.healthOf.probes'), value: <>{every} {probe.path !== null && <Text span size="xs" ff="monospace" c="dimmed">{probe.path}</Text>}</> },
        {
          label: t('providerKeys.healthOf.probedAt'),
          value: probe.probed_at === null ? t('providerKeys.healthOf.never') : <Time value={probe.probed_at} />,
        },
        ...(probe.next_at === null
          ? []
          : [{ label: t('providerKeys.healthOf.nextAt'), value: <Time value={probe.next_at} /> }]),
      ]}
    />
  );
}
