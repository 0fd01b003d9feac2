// SPDX-License-Identifier: MIT
//
// A new OAuth client, or changes to one.

import { NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { createOAuthClient, oauthClientsQuery, updateOAuthClient } from '@/api/oauth-clients';
import type { ClientKey, OAuthClient, OAuthClientCreate, OAuthClientCreated } from '@/api/types';
import { ExpiryInput } from '@/components/expiry-input';
import { FormDialog } from '@/components/form-dialog';
import { changedFields } from '@/lib/changes';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';

interface Fields {
  name: string;
  client_key_id: string;
  token_lifetime_s: number | '';
  expires_at: string | null;
}

interface Props {
  client: OAuthClient | null;
  clientKeys: ClientKey[];
  onCreated: (created: OAuthClientCreated) => void;
  onClose: () => void;
}

const LIFETIME_S = { least: 60, usual: 3600, most: 86_400 };

function bodyOf(fields: Fields): OAuthClientCreate {
  return {
    name: fields.name.trim(),
    client_key_id: Number(fields.client_key_id),
    token_lifetime_s: Number(fields.token_lifetime_s),
    expires_at: fields.expires_at,
  };
}

function useOAuthClientForm({ client, onCreated, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial: Fields = {
    name: client?.name ?? '',
    client_key_id: client?.client_key_id.toString() ?? '',
    token_lifetime_s: client?.token_lifetime_s ?? LIFETIME_S.usual,
    expires_at: client?.expires_at ?? null,
  };
  const form = useForm<Fields>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      client_key_id: (value) => (value === '' ? t('oauthClients.keyMissing') : null),
      token_lifetime_s: (value) =>
        value === '' || value < LIFETIME_S.least || value > LIFETIME_S.most
          ? t('oauthClients.lifetimeWrong', LIFETIME_S)
          : null,
    },
  });
  const save = useMutation({
    mutationFn: async (fields: Fields) => {
      if (client === null) {
        onCreated(await createOAuthClient(bodyOf(fields)));
        return;
      }
      const saved = await updateOAuthClient(client.id, changedFields(bodyOf(initial), bodyOf(fields)));
      notifyDone(t('oauthClients.saved', { name: saved.name }));
      onClose();
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: oauthClientsQuery.queryKey }),
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
    gcTime: 0,
  });
  return { form, save };
}

export function OAuthClientDialog(props: Props) {
  const { client, clientKeys, onClose } = props;
  const { t } = useTranslation();
  const { form, save } = useOAuthClientForm(props);
  return (
    <FormDialog
      title={client === null ? t('oauthClients.add') : t('oauthClients.edit', { name: client.name })}
      action={client === null ? t('oauthClients.add') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput label={t('common.name')} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
      <Select
        label={t('oauthClients.clientKey')}
        description={t('oauthClients.clientKeyAbout')}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('common.noMatchTitle')}
        data={clientKeys.map((row) => ({ value: String(row.id), label: row.name }))}
        {...form.getInputProps('client_key_id')}
      />
      <NumberInput
        label={t('oauthClients.lifetime')}
        description={t('oauthClients.lifetimeAbout')}
        suffix=" s"
        min={LIFETIME_S.least}
        max={LIFETIME_S.most}
        step={600}
        allowDecimal={false}
        thousandSeparator=","
        {...form.getInputProps('token_lifetime_s')}
      />
      <ExpiryInput
        value={form.values.expires_at}
        onChange={(at) => form.setFieldValue('expires_at', at)}
        error={form.errors['expires_at']}
      />
    </FormDialog>
  );
}
