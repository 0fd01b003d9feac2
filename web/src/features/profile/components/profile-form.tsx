// SPDX-License-Identifier: MIT
//
// One's name and address, as others read them.

import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { updateProfile } from '@/api/users';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';

export function ProfileForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { display_name: user.display_name ?? '', email: user.email ?? '' },
  });
  const save = useMutation({
    mutationFn: (fields: typeof form.values) =>
      updateProfile({ display_name: fields.display_name.trim() || null, email: fields.email.trim() || null }),
    onSuccess: () => {
      form.resetDirty();
      notifyDone(t('profile.saved'));
    },
    onError: (error) => markField(form, error, ['display_name', 'email'], t('errors.nameTaken.title')),
  });
  return (
    <Section title={t('profile.names')}>
      <form onSubmit={form.onSubmit((fields) => save.mutate(fields))}>
        <Stack gap="sm" py={4}>
          <TextInput label={t('users.displayName')} autoComplete="name" {...form.getInputProps('display_name')} />
          <TextInput label={t('users.email')} type="email" autoComplete="email" {...form.getInputProps('email')} />
          {save.error !== null && <ErrorNote error={save.error} />}
          <Group justify="flex-end">
            <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>{t('common.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
