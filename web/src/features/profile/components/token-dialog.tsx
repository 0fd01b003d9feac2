// SPDX-License-Identifier: MIT
//
// A new token: its name, what it may do, and when it ends.

import { Select, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { apiTokensQuery, createApiToken } from '@/api/api-tokens';
import type { ApiTokenCreated } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { inDays } from '@/lib/local-time';
import { listError, markField } from '@/lib/server-fields';

interface Props {
  onCreated: (token: ApiTokenCreated) => void;
  onClose: () => void;
}

// The parts of the API that scripts mostly want; others can be typed.
const PARTS = ['*', 'client-keys', 'provider-keys', 'providers', 'prices', 'logs', 'statistics', 'users', 'system'];
const SCOPES = PARTS.flatMap((part) => [`${part}:read`, `${part}:write`]);
const LIFE_DAYS = ['7', '30', '90', '365'] as const;

export function TokenDialog({ onCreated, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useForm({
    initialValues: { name: '', scopes: ['*:read'], expires_at: '90' },
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      scopes: (value) => (value.length === 0 ? t('apiTokens.scopeMissing') : null),
    },
  });
  const save = useMutation({
    mutationFn: async ({ name, scopes, expires_at }: typeof form.values) =>
      onCreated(await createApiToken({ name: name.trim(), scopes, expires_at: inDays(Number(expires_at)) })),
    onSuccess: () => cache.invalidateQueries({ queryKey: apiTokensQuery.queryKey }),
    onError: (error) => markField(form, error, ['name', 'scopes', 'expires_at'], t('errors.nameTaken.title')),
    gcTime: 0,
  });
  return (
    <FormDialog
      title={t('apiTokens.add')}
      action={t('apiTokens.add')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput
        label={t('common.name')}
        description={t('apiTokens.nameAbout')}
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <TagsInput
        label={t('apiTokens.scopes')}
        description={t('apiTokens.scopesAbout')}
        data={SCOPES}
        {...form.getInputProps('scopes')}
        error={listError(form.errors, 'scopes')}
      />
      <Select
        label={t('apiTokens.life')}
        allowDeselect={false}
        data={LIFE_DAYS.map((value) => ({ value, label: t('expiry.days', { count: Number(value) }) }))}
        {...form.getInputProps('expires_at')}
      />
    </FormDialog>
  );
}
