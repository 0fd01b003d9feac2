// SPDX-License-Identifier: MIT
//
// Records of a period by the prices as they are now: shown first, then done.

import { SimpleGrid, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { applyRerate, createRerate, isOver, rerateQuery, unpricedQuery } from '@/api/prices';
import type { Rerate } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { Notice } from '@/components/notice';
import { formatCount } from '@/lib/format';
import { fromLocalInput } from '@/lib/local-time';
import { RerateFigures } from './rerate-figures';

function useRerate() {
  const cache = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const shown = useQuery({ ...rerateQuery(id ?? ''), enabled: id !== null });
  const asked = useMutation({
    mutationFn: (period: { from: string; to: string }) => createRerate(period),
    onSuccess: (job) => setId(job.id),
    gcTime: 0,
  });
  const applied = useMutation({
    mutationFn: (preview: string) => applyRerate(preview),
    onSuccess: (job) => {
      setId(job.id);
      void cache.invalidateQueries({ queryKey: unpricedQuery.queryKey });
    },
    gcTime: 0,
  });
  const forget = () => {
    setId(null);
    applied.reset();
  };
  return { rerate: id === null ? undefined : shown.data, error: shown.error, asked, applied, forget };
}

export function RerateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { rerate, error, asked, applied, forget } = useRerate();
  const form = useForm({
    initialValues: { from: '', to: '' },
    onValuesChange: forget,
    validate: {
      from: (value) => (fromLocalInput(value) === null ? t('prices.rerate.fromNeeded') : null),
      to: (value, { from }) =>
        value <= from || Date.parse(value) > Date.now() ? t('prices.rerate.toWrong') : null,
    },
  });
  const running = rerate !== undefined && !isOver(rerate);
  const changed = rerate?.preview_id === null ? (rerate.figures?.changed ?? 0) : 0;
  return (
    <FormDialog
      title={t('prices.rerate.title')}
      action={changed > 0 ? t('prices.rerate.apply', { count: changed }) : t('prices.rerate.preview')}
      pending={asked.isPending || applied.isPending || running}
      error={asked.error ?? applied.error ?? error}
      onSubmit={form.onSubmit(({ from, to }) => {
        if (rerate !== undefined && changed > 0) applied.mutate(rerate.job.id);
        else asked.mutate({ from: fromLocalInput(from) ?? '', to: fromLocalInput(to) ?? '' });
      })}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">{t('prices.rerate.about')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput type="datetime-local" label={t('prices.rerate.from')} {...form.getInputProps('from')} />
        <TextInput type="datetime-local" label={t('prices.rerate.to')} {...form.getInputProps('to')} />
      </SimpleGrid>
      {rerate !== undefined && <Progress rerate={rerate} />}
      {rerate?.figures && <RerateFigures figures={rerate.figures} />}
    </FormDialog>
  );
}

function Progress({ rerate }: { rerate: Rerate }) {
  const { t, i18n } = useTranslation();
  const { job, figures, preview_id } = rerate;
  if (job.state === 'failed') {
    return <Notice tone="bad" role="alert">{t('prices.rerate.failed', { reason: job.error })}</Notice>;
  }
  const done = formatCount(job.records, i18n.language);
  const text =
    figures === null
      ? job.total === null
        ? t('prices.rerate.running', { done })
        : t('prices.rerate.runningOf', { done, total: formatCount(job.total, i18n.language) })
      : preview_id !== null
        ? t('prices.rerate.done', { count: figures.changed })
        : figures.changed === 0 ? t('prices.rerate.none') : null;
  return text === null ? null : <Text size="sm" role="status">{text}</Text>;
}
