// SPDX-License-Identifier: MIT
//
// A new provider key, or changes to one. The secret goes in and never comes out.

import { Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { createProviderKey, providerKeysQuery, updateProviderKey } from '@/api/provider-keys';
import type { Provider, ProviderKey } from '@/api/types';
import { ExpiryInput } from '@/components/expiry-input';
import { Folds } from '@/components/folds';
import { FormDialog } from '@/components/form-dialog';
import { LimitInputs } from '@/components/limits/limit-inputs';
import { OwnerSelect } from '@/components/owner-select';
import { isBudget, LIMIT_FIELDS } from '@/lib/limits';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';
import {
  isWeight,
  newProviderKey,
  providerKeyBody,
  type ProviderKeyFields,
  providerKeyFields,
  providerKeyPatch,
  WEIGHT_MAX,
} from '../fns/form';
import { needsSignIn } from '../fns/sign-in';
import { OrderFields } from './provider-key-fields';
import { SecretFields } from './provider-key-secret';

interface Props {
  providerKey: ProviderKey | null;
  providers: Provider[];
  /** The provider chosen in the list, for a new key. */
  provider: number | undefined;
  /** After an OAuth key was added, whose token is still to come. */
  onCreated: (row: ProviderKey) => void;
  onClose: () => void;
}

function useProviderKeyForm({ providerKey, providers, provider, onCreated, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = providerKey === null ? newProviderKey(provider) : providerKeyFields(providerKey);
  const budget = (value: string) => (isBudget(value) ? null : t('limits.budgetWrong'));
  const form = useForm<ProviderKeyFields>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      provider_id: (value) => (value === '' ? t('providerKeys.form.providerMissing') : null),
      secret: (value, fields) => {
        const grant = providers.find((row) => String(row.id) === fields.provider_id)?.oauth?.grant;
        const elsewhere = fields.kind === 'secret' && fields.secret_reference.trim() !== '';
        // Who takes the reference away gives a secret in its place.
        const absent = providerKey === null || providerKey.secret_reference !== null;
        const needed = absent && !elsewhere && !(fields.kind === 'oauth' && needsSignIn(grant));
        return needed && value.trim() === '' ? t('providerKeys.form.secretMissing') : null;
      },
      cost_per_day: budget,
      cost_per_month: budget,
      weight: (value) => (isWeight(value) ? null : t('providerKeys.form.weightWrong', { max: WEIGHT_MAX })),
    },
  });
  const save = useMutation({
    mutationFn: (fields: ProviderKeyFields) =>
      providerKey === null
        ? createProviderKey(providerKeyBody(fields))
        : updateProviderKey(providerKey.id, providerKeyPatch(initial, fields)),
    onSuccess: (saved) => {
      void cache.invalidateQueries({ queryKey: providerKeysQuery.queryKey });
      notifyDone(
        t(providerKey === null ? 'providerKeys.created' : 'providerKeys.saved', { name: saved.name }),
      );
      onClose();
      if (providerKey === null && saved.kind === 'oauth') onCreated(saved);
    },
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
  });
  return { form, save };
}

export function ProviderKeyDialog(props: Props) {
  const { providerKey, providers, onClose } = props;
  const { t } = useTranslation();
  const { form, save } = useProviderKeyForm(props);
  const isNew = providerKey === null;
  const chosen = providers.find((row) => String(row.id) === form.values.provider_id);

  return (
    <FormDialog
      title={isNew ? t('providerKeys.form.titleNew') : t('providerKeys.form.titleEdit', { name: providerKey.name })}
      action={isNew ? t('providerKeys.form.create') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <Select
        label={t('providerKeys.provider')}
        placeholder={t('providerKeys.form.providerChoose')}
        data={providers.map((row) => ({ value: String(row.id), label: row.name }))}
        searchable
        allowDeselect={false}
        disabled={providerKey?.kind === 'oauth'}
        nothingFoundMessage={t('common.noMatchTitle')}
        {...form.getInputProps('provider_id')}
        onChange={(id) => {
          form.setFieldValue('provider_id', id ?? '');
          // What the next one cannot be is not kept.
          const next = providers.find((row) => String(row.id) === id);
          if (isNew) form.setFieldValue('kind', next?.oauth != null ? 'oauth' : 'secret');
        }}
      />
      <TextInput
        label={t('common.name')}
        description={t('providerKeys.form.nameAbout')}
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <SecretFields form={form} isNew={isNew} provider={chosen} />
      <OwnerSelect
        label={t('clientKeys.owner')}
        description={t('providerKeys.ownerAbout')}
        placeholder={t('providerKeys.ownerEverybody')}
        value={form.values.owner_user_id}
        onChange={(id) => form.setFieldValue('owner_user_id', id)}
        error={form.errors['owner_user_id']}
      />
      <ExpiryInput
        value={form.values.expires_at}
        onChange={(at) => form.setFieldValue('expires_at', at)}
        error={form.errors['expires_at']}
      />
      <Folds
        errors={form.errors}
        parts={[
          { id: 'order', label: t('providerKeys.part.order'), fields: /^(weight|priority)$/, content: <OrderFields form={form} /> },
          { id: 'limits', label: t('providerKeys.part.limits'), fields: LIMIT_FIELDS, content: <LimitInputs input={(name) => form.getInputProps(name)} /> },
        ]}
      />
    </FormDialog>
  );
}
