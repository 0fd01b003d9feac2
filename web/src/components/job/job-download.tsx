// SPDX-License-Identifier: MIT
//
// The file of a job that is done.

import { Button, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { downloadJob } from '@/api/jobs';
import type { Job } from '@/api/types';
import { errorTexts } from '@/lib/error-texts';
import { formatTime } from '@/lib/format';
import { saveFile } from '@/lib/save-file';

export function JobDownload({ job, ...look }: { job: Job } & Pick<ButtonProps, 'size' | 'variant'>) {
  const { t, i18n } = useTranslation();
  const download = useMutation({
    mutationFn: () => downloadJob(job.id),
    onSuccess: ({ content, name }) => saveFile(content, name),
    gcTime: 0,
  });
  return (
    <>
      <Button
        {...look}
        loading={download.isPending}
        aria-label={t('jobs.downloadOf', { time: formatTime(job.created_at, i18n.language, false) })}
        onClick={() => download.mutate()}
      >
        {t('jobs.download')}
      </Button>
      {download.error !== null && <span role="alert"> {errorTexts(download.error, t).title}</span>}
    </>
  );
}
