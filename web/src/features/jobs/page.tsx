// SPDX-License-Identifier: MIT
//
// What takes longer than a request: how far it is, and what it left.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { jobsQuery } from '@/api/jobs';
import type { Job } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { JobDownload } from '@/components/job/job-download';
import { isUnderWay, JobState } from '@/components/job/job-state';
import { ButtonLink } from '@/components/links';
import { ListBody } from '@/components/list-body';
import { Page } from '@/components/page';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';
import { formatBytes, formatCount } from '@/lib/format';

const UNDER_WAY_MS = 1_000;
const IDLE_MS = 15_000;

export function JobsPage() {
  const { t } = useTranslation();
  const jobs = useQuery({
    ...jobsQuery,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? UNDER_WAY_MS : IDLE_MS),
  });
  const rows = jobs.data ?? [];
  const columns = useJobColumns();
  return (
    <Page title={t('jobs.title')} about={t('jobs.about')}>
      <ListBody
        isPending={jobs.isPending}
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
        isEmpty={rows.length === 0}
        empty={
          <EmptyState
            icon="jobs"
            title={t('jobs.emptyTitle')}
            text={t('jobs.emptyText')}
            action={<ButtonLink to="/logs">{t('jobs.emptyAction')}</ButtonLink>}
          />
        }
      >
        <Table label={t('jobs.title')} columns={columns} rows={rows} rowId={(row) => row.id} />
      </ListBody>
    </Page>
  );
}

function useJobColumns(): Column<Job>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      id: 'kind',
      header: t('jobs.kind'),
      heading: true,
      cell: (row) => t(`jobs.kindName.${row.kind}`),
    },
    { id: 'state', header: t('jobs.state'), cell: (row) => <JobState job={row} /> },
    { id: 'format', header: t('jobs.format'), cell: (row) => row.format ?? '–' },
    {
      id: 'records',
      header: t('jobs.records'),
      align: 'end',
      cell: (row) => formatCount(row.records, i18n.language),
    },
    {
      id: 'size',
      header: t('jobs.size'),
      align: 'end',
      cell: (row) => (row.bytes === null ? '–' : formatBytes(row.bytes, i18n.language)),
    },
    { id: 'created', header: t('jobs.createdAt'), cell: (row) => <Time value={row.created_at} /> },
    { id: 'expires', header: t('jobs.expiresAt'), show: 'wide', cell: (row) => <Time value={row.expires_at} /> },
    {
      id: 'file',
      header: t('jobs.file'),
      align: 'end',
      cell: (row) => <File job={row} />,
    },
  ];
}

function File({ job }: { job: Job }) {
  const { t } = useTranslation();
  if (job.bytes !== null) return <JobDownload job={job} size="compact-xs" variant="default" />;
  return job.state === 'done' && job.format !== null ? t('jobs.elsewhere') : '–';
}
