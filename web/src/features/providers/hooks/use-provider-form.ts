// SPDX-License-Identifier: MIT
//
// The form of a provider: its rules, and how it is saved.

import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { createProvider, providersQuery, updateProvider } from '@/api/providers';
import type { Provider } from '@/api/types';
import { changedFields } from '@/lib/changes';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';
import {
  isBaseUrl,
  isHeaderName,
  isJsonObject,
  isProviderName,
  newProvider,
  providerBody,
  type ProviderFields,
  providerFields,
} from '../fns/form';

export function useProviderForm(provider: Provider | null, onClose: () => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = provider === null ? newProvider() : providerFields(provider);

  const needsSpan = (value: number | '') =>
    value === '' || value <= 0 ? t('providers.form.timeoutWrong') : null;
  const form = useForm<ProviderFields>({
    initialValues: initial,
    validate: {
      name: (value) => (isProviderName(value) ? null : t('providers.form.nameWrong')),
      base_url: (value) => (isBaseUrl(value) ? null : t('providers.form.baseUrlWrong')),
      dialects: (value) => (value.length > 0 ? null : t('providers.form.dialectsMissing')),
      credential: {
        name: (value) => (isHeaderName(value) ? null : t('providers.form.headerNameWrong')),
      },
      required_headers: {
        name: (value) => (isHeaderName(value) ? null : t('providers.form.headerNameWrong')),
      },
      connect_timeout_ms: needsSpan,
      first_byte_timeout_ms: needsSpan,
      idle_timeout_ms: needsSpan,
      usage_mapping: (value) =>
        value.trim() === '' || isJsonObject(value) ? null : t('providers.json.wrong'),
      oauth: (value) => (value.trim() === '' || isJsonObject(value) ? null : t('providers.json.wrong')),
      total_timeout_ms: (value) => (value === '' ? null : needsSpan(value)),
    },
  });

  const save = useMutation({
    mutationFn: (fields: ProviderFields) =>
      provider === null
        ? createProvider(providerBody(fields))
        : updateProvider(provider.id, changedFields(providerBody(initial), providerBody(fields))),
    onSuccess: (saved) => {
      void cache.invalidateQueries({ queryKey: providersQuery.queryKey });
      notifyDone(t(provider === null ? 'providers.created' : 'providers.saved', { name: saved.name }));
      onClose();
    },
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
  });
  return { form, save };
}
