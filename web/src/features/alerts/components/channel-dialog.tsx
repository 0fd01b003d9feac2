// SPDX-License-Identifier: MIT
//
// A new channel, or changes to one.

import { PasswordInput, SegmentedControl, SimpleGrid, Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { alertChannelsQuery, createAlertChannel, updateAlertChannel } from '@/api/alerts';
import type { AlertChannel, AlertChannelCreated } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { notifyDone } from '@/lib/notify';
import { listError, markField } from '@/lib/server-fields';
import { type ChannelFields, channelBody, channelFields, channelPatch } from '../fns/channel-form';

interface Props {
  channel: AlertChannel | null;
  onCreated: (created: AlertChannelCreated) => void;
  onClose: () => void;
}

const KINDS = ['webhook', 'mail'] as const;

function useChannelForm({ channel, onCreated, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = channelFields(channel);
  const form = useForm<ChannelFields>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      url: (value) => (channel === null && value.trim() === '' ? t('alerts.urlMissing') : null),
    },
  });
  const save = useMutation({
    mutationFn: async (fields: ChannelFields) => {
      if (channel === null) {
        onCreated(await createAlertChannel(channelBody(fields)));
        return;
      }
      const saved = await updateAlertChannel(channel.id, channelPatch(initial, fields));
      notifyDone(t('alerts.saved', { name: saved.name }));
      onClose();
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: alertChannelsQuery.queryKey }),
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
    gcTime: 0,
  });
  return { form, save };
}

export function ChannelDialog(props: Props) {
  const { channel, onClose } = props;
  const { t } = useTranslation();
  const { form, save } = useChannelForm(props);
  const mail = form.values.kind === 'mail';
  return (
    <FormDialog
      title={channel === null ? t('alerts.addChannel') : t('alerts.edit', { name: channel.name })}
      action={channel === null ? t('alerts.addChannel') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      {channel === null && (
        <SegmentedControl
          aria-label={t('alerts.kind')}
          data={KINDS.map((value) => ({ value, label: t(`alerts.channelKind.${value}`) }))}
          {...form.getInputProps('kind')}
        />
      )}
      <TextInput label={t('common.name')} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
      <TextInput
        label={t('alerts.url')}
        description={channel === null ? t(mail ? 'alerts.mailUrlAbout' : 'alerts.urlAbout') : t('alerts.urlKept', { target: channel.target })}
        placeholder={mail ? 'smtps://mail.example.org' : 'https://'}
        autoComplete="off"
        {...form.getInputProps('url')}
      />
      {mail && <MailFields form={form} />}
      <PasswordInput
        label={t(mail ? 'alerts.password' : 'alerts.secret')}
        description={t(channel === null ? (mail ? 'alerts.passwordAbout' : 'alerts.secretMade') : 'alerts.secretKept')}
        autoComplete="new-password"
        {...form.getInputProps('secret')}
      />
    </FormDialog>
  );
}

function MailFields({ form }: { form: UseFormReturnType<ChannelFields> }) {
  const { t } = useTranslation();
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t('alerts.mailFrom')} autoComplete="off" {...form.getInputProps('mail_from')} />
        <TextInput label={t('alerts.username')} autoComplete="off" {...form.getInputProps('username')} />
      </SimpleGrid>
      <TagsInput
        label={t('alerts.mailTo')}
        description={t('alerts.mailToAbout')}
        {...form.getInputProps('mail_to')}
        error={listError(form.errors, 'mail_to')}
      />
      <Switch label={t('alerts.requireTls')} {...form.getInputProps('require_tls', { type: 'checkbox' })} />
    </>
  );
}
