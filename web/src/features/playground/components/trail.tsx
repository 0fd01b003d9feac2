// SPDX-License-Identifier: MIT
//
// The record of the request: attempts, decision, usage, cost. It is in the
// database within a second, so it is asked for until it is there.

import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';
import { traceQuery } from '@/api/logs';
import { ErrorNote } from '@/components/error-note';
import { TextLink } from '@/components/links';
import { AttemptTimeline } from '@/components/record/attempt-timeline';
import { CostSection } from '@/components/record/cost-section';
import { DecisionSection } from '@/components/record/decision-section';
import { OutcomeLabel } from '@/components/record/outcome-label';
import { UsageSection } from '@/components/record/usage-section';
import { Section } from '@/components/section';

const TRIES = 20;
const TRY_MS = 500;

export function Trail({ requestId }: { requestId: string }) {
  const { t } = useTranslation();
  const record = useQuery({
    ...traceQuery(requestId),
    retry: (failures, error) => failures < TRIES && error instanceof ApiError && error.status === 404,
    retryDelay: TRY_MS,
  });
  if (record.error !== null) return <ErrorNote error={record.error} onRetry={() => void record.refetch()} />;
  if (record.data === undefined) {
    return <Skeleton height={160} radius="md" role="status" aria-label={t('playground.waiting')} />;
  }
  return (
    <>
      <Section
        title={t('logs.detail.attempts')}
        end={<TextLink to="/logs" search={{ record: requestId }} size="sm">{t('playground.showRecord')}</TextLink>}
      >
        <Text component="div" mb={6}><OutcomeLabel record={record.data} /></Text>
        <AttemptTimeline record={record.data} />
      </Section>
      {record.data.decision !== null && <DecisionSection decision={record.data.decision} />}
      <UsageSection record={record.data} />
      <CostSection record={record.data} />
    </>
  );
}
