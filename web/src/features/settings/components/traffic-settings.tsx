// SPDX-License-Identifier: MIT
//
// Which browsers may call, whether trace context passes, how long texts are
// kept, and whether holders of client keys see what they used.

import { Button, Group, NumberInput, Skeleton, Stack, Switch, TagsInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { settingsQuery, updateSettings } from '@/api/settings';
import type { Settings } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { changedFields } from '@/lib/changes';
import { notifyDone } from '@/lib/notify';
import { listError, markField } from '@/lib/server-fields';

export function TrafficSettings() {
  const { t } = useTranslation();
  const settings = useQuery(settingsQuery);
  return (
    <Section title={t('settings.traffic.title')}>
      {settings.error !== null && <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <Skeleton height={290} role="status" aria-label={t('common.loading')} />}
      {/* The key takes up what was saved elsewhere. */}
      {settings.data !== undefined && <Form key={settings.data.updated_at} settings={settings.data} />}
    </Section>
  );
}

function Form({ settings }: { settings: Settings }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { administers } = useRights();
  const { cors_origins, traceparent, payload_days, usage_page } = settings;
  const initial = { cors_origins, traceparent, payload_days, usage_page };
  const form = useForm({ initialValues: initial });
  const save = useMutation({
    mutationFn: (fields: typeof initial) => updateSettings(changedFields(initial, fields)),
    onSuccess: (now) => {
      cache.setQueryData(settingsQuery.queryKey, now);
      notifyDone(t('settings.saved'));
    },
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
  });
  return (
    <form onSubmit={form.onSubmit((fields) => save.mutate(fields))}>
      <Stack gap="sm" py={4}>
        <TagsInput
          label={t('settings.traffic.cors')}
          description={t('settings.traffic.corsAbout')}
          placeholder={form.values.cors_origins.length === 0 ? t('settings.traffic.corsNobody') : ''}
          {...form.getInputProps('cors_origins')}
          error={listError(form.errors, 'cors_origins')}
        />
        <Switch
          label={t('settings.traffic.traceparent')}
          description={t('settings.traffic.traceparentAbout')}
          {...form.getInputProps('traceparent', { type: 'checkbox' })}
        />
        <NumberInput
          label={t('settings.traffic.payloadDays')}
          description={t('settings.traffic.payloadDaysAbout')}
          min={1}
          max={365}
          allowDecimal={false}
          {...form.getInputProps('payload_days')}
        />
        <Switch
          label={t('settings.traffic.usagePage')}
          description={t('settings.traffic.usagePageAbout')}
          {...form.getInputProps('usage_page', { type: 'checkbox' })}
        />
        {save.error !== null && <ErrorNote error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!administers || !form.isDirty()} loading={save.isPending}>{t('common.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
