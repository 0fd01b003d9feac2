// SPDX-License-Identifier: MIT
//
// A new token issuer, or changes to one.

import { NumberInput, SimpleGrid, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { createIssuer, issuersQuery, updateIssuer } from '@/api/settings';
import type { ClientKey, Issuer } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { changedFields } from '@/lib/changes';
import { notifyDone } from '@/lib/notify';
import { listError, markField } from '@/lib/server-fields';
import { issuerBody, type IssuerFields, issuerFields } from '../fns/issuer-form';
import { ClaimClients, GivenKeys } from './issuer-fields';

interface Props {
  issuer: Issuer | null;
  clientKeys: ClientKey[];
  onClose: () => void;
}

function useIssuerForm({ issuer, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = issuerFields(issuer);
  const missing = (value: string) => (value.trim() === '' ? t('issuers.missing') : null);
  const form = useForm<IssuerFields>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      issuer: missing,
      claim: missing,
      clients: { value: missing, client_key_id: missing },
    },
  });
  const save = useMutation({
    mutationFn: (fields: IssuerFields) =>
      issuer === null
        ? createIssuer(issuerBody(fields))
        : updateIssuer(issuer.id, changedFields(issuerBody(initial), issuerBody(fields))),
    onSuccess: (saved) => {
      void cache.invalidateQueries({ queryKey: issuersQuery.queryKey });
      notifyDone(t('issuers.saved', { name: saved.name }));
      onClose();
    },
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
    gcTime: 0,
  });
  return { form, save };
}

export function IssuerDialog(props: Props) {
  const { issuer, clientKeys, onClose } = props;
  const { t } = useTranslation();
  const { form, save } = useIssuerForm(props);
  return (
    <FormDialog
      title={issuer === null ? t('issuers.add') : t('issuers.edit', { name: issuer.name })}
      action={issuer === null ? t('issuers.add') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput label={t('common.name')} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
      <TextInput
        label={t('issuers.issuer')}
        description={t('issuers.issuerAbout')}
        placeholder="https://login.example.com"
        {...form.getInputProps('issuer')}
      />
      <TextInput
        label={t('issuers.jwks')}
        description={t('issuers.jwksAbout')}
        placeholder="https://login.example.com/jwks.json"
        inputMode="url"
        {...form.getInputProps('jwks_url')}
      />
      <GivenKeys form={form} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput label={t('issuers.claim')} description={t('issuers.claimAbout')} {...form.getInputProps('claim')} />
        <NumberInput
          label={t('issuers.skew')}
          description={t('issuers.skewAbout')}
          suffix=" s"
          min={0}
          max={600}
          allowDecimal={false}
          {...form.getInputProps('skew_s')}
        />
      </SimpleGrid>
      <ClaimClients form={form} clientKeys={clientKeys} />
      <TagsInput
        label={t('issuers.audiences')}
        description={t('issuers.audiencesAbout')}
        {...form.getInputProps('audiences')}
        error={listError(form.errors, 'audiences')}
      />
    </FormDialog>
  );
}
