// SPDX-License-Identifier: MIT
//
// Has the records under the present filters written to a file, and hands it
// over when it is done.

import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createExport, jobQuery, jobsQuery } from '@/api/jobs';
import type { ExportOrder, Job } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { JobDownload } from '@/components/job/job-download';
import { isUnderWay, JobState } from '@/components/job/job-state';
import { ButtonLink } from '@/components/links';
import { formatBytes, formatCount } from '@/lib/format';
import { useReturnFocus } from '@/lib/return-focus';
import { isFiltered, type LogFilters, toTraceFilter } from '../fns/filters';

interface Props {
  filters: LogFilters;
  onClose: () => void;
}

const FORMATS = [
  { format: 'csv', text: 'csv' },
  { format: 'jsonl.zst', text: 'jsonl' },
] as const satisfies { format: ExportOrder['format']; text: string }[];

export function ExportDialog({ filters, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  useReturnFocus();
  const order = useMutation({
    mutationFn: (format: ExportOrder['format']) => createExport(toTraceFilter(filters), { format }),
    onSuccess: () => cache.invalidateQueries({ queryKey: jobsQuery.queryKey, exact: true }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('logs.export.title')}
      size="md"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {order.data === undefined ? (
        <Order
          isFiltered={isFiltered(filters)}
          pending={order.isPending}
          error={order.error}
          onBegin={(format) => order.mutate(format)}
        />
      ) : (
        <Progress begun={order.data} />
      )}
    </Modal>
  );
}

interface OrderProps {
  isFiltered: boolean;
  pending: boolean;
  error: Error | null;
  onBegin: (format: ExportOrder['format']) => void;
}

function Order(props: OrderProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<(typeof FORMATS)[number]>(FORMATS[0]);
  return (
    <Stack gap="sm">
      <Text size="sm">{t('logs.export.about')}</Text>
      <Text size="sm">{t(props.isFiltered ? 'logs.export.filtered' : 'logs.export.whole')}</Text>
      <SegmentedControl
        size="xs"
        aria-label={t('logs.export.format')}
        value={chosen.format}
        onChange={(value) => setChosen(FORMATS.find(({ format }) => format === value) ?? FORMATS[0])}
        data={FORMATS.map(({ format, text }) => ({ value: format, label: t(`logs.export.formatName.${text}`) }))}
      />
      <Text size="xs" c="dimmed">{t(`logs.export.formatAbout.${chosen.text}`)}</Text>
      {props.error !== null && <ErrorNote error={props.error} />}
      <Group justify="flex-end">
        <Button loading={props.pending} onClick={() => props.onBegin(chosen.format)}>{t('logs.export.begin')}</Button>
      </Group>
    </Stack>
  );
}

const LOOK_MS = 1_000;

function Progress({ begun }: { begun: Job }) {
  const { t, i18n } = useTranslation();
  const query = useQuery({
    ...jobQuery(begun.id),
    initialData: begun,
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? LOOK_MS : false),
  });
  const job = query.data;
  return (
    <Stack gap="sm">
      <Group gap="md" aria-live="polite">
        <JobState job={job} />
        <Text span size="sm">
          {t('jobs.written', { count: job.records, shown: formatCount(job.records, i18n.language) })}
          {job.bytes !== null && ` · ${formatBytes(job.bytes, i18n.language)}`}
        </Text>
      </Group>
      {query.error !== null && <ErrorNote error={query.error} />}
      <Group justify="flex-end" gap="xs">
        <ButtonLink variant="default" to="/jobs">{t('logs.export.toJobs')}</ButtonLink>
        {job.bytes !== null && <JobDownload job={job} />}
      </Group>
    </Stack>
  );
}
