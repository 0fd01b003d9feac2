// SPDX-License-Identifier: MIT
//
// Tries the address that stands in the form, and shows how far that came.

import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { jobQuery } from '@/api/jobs';
import { testConnection } from '@/api/providers';
import type { ConnectionOrder, ConnectionSteps } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { isUnderWay } from '@/components/job/job-state';
import { StateLabel } from '@/components/state-label';
import { formatSpan } from '@/lib/format';

const POLL_MS = 300;

export function ConnectionTest({ order }: { order: ConnectionOrder }) {
  const { t } = useTranslation();
  const begun = useMutation({ mutationFn: testConnection });
  const job = useQuery({
    ...jobQuery(begun.data?.id ?? ''),
    enabled: begun.data !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? POLL_MS : false),
  });
  const waits = begun.isPending || (begun.data !== undefined && (job.data === undefined || isUnderWay(job.data)));
  // What is told is of the address that was tried.
  const isOfThis = begun.variables?.base_url === order.base_url;
  const error = begun.error ?? job.error;
  return (
    <div>
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          loading={waits}
          disabled={order.base_url === ''}
          onClick={() => begun.mutate(order)}
        >
          {t('providers.connection.test')}
        </Button>
        <div aria-live="polite">
          {!waits && isOfThis && job.data?.connection && <Steps steps={job.data.connection} />}
        </div>
      </Group>
      {error !== null && isOfThis && <ErrorNote error={error} />}
    </div>
  );
}

function Steps({ steps }: { steps: ConnectionSteps }) {
  const { t, i18n } = useTranslation();
  if (steps.failed !== null) {
    return <StateLabel tone="bad" detail={steps.error}>{t(`providers.connection.failed.${steps.failed}`)}</StateLabel>;
  }
  const time = formatSpan((steps.answered_us ?? 0) / 1000, i18n.language);
  return (
    <StateLabel tone="ok" detail={t('providers.connection.detail', { address: steps.address, time })}>
      {t('providers.connection.answers', { status: steps.status })}
    </StateLabel>
  );
}
