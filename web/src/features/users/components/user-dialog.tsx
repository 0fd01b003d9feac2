// SPDX-License-Identifier: MIT
//
// A new user, or changes to one.

import { PasswordInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { createUser, updateUser, usersQuery } from '@/api/users';
import { FormDialog } from '@/components/form-dialog';
import { notifyDone } from '@/lib/notify';
import { PASSWORD_MIN } from '@/lib/passwords';
import { markField } from '@/lib/server-fields';
import { isUsername, ROLES, userBody, type UserFields, userFields, userPatch } from '../fns/form';

interface Props {
  user: User | null;
  onClose: () => void;
}

function useUserForm({ user, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = userFields(user);
  const form = useForm<UserFields>({
    initialValues: initial,
    validate: {
      username: (value) => (isUsername(value.trim()) ? null : t('users.usernameWrong')),
      password: (value) =>
        (user === null || value !== '') && value.length < PASSWORD_MIN
          ? t('users.passwordShort', { count: PASSWORD_MIN })
          : null,
    },
  });
  const save = useMutation({
    mutationFn: (fields: UserFields) =>
      user === null ? createUser(userBody(fields)) : updateUser(user.id, userPatch(initial, fields)),
    onSuccess: (saved) => {
      void cache.invalidateQueries({ queryKey: usersQuery.queryKey });
      notifyDone(t(user === null ? 'users.created' : 'users.saved', { name: saved.username }));
      onClose();
    },
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
    gcTime: 0,
  });
  return { form, save };
}

export function UserDialog(props: Props) {
  const { user, onClose } = props;
  const { t } = useTranslation();
  const { form, save } = useUserForm(props);
  return (
    <FormDialog
      title={user === null ? t('users.add') : t('users.edit', { name: user.username })}
      action={user === null ? t('users.add') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput
        label={t('users.username')}
        description={t('users.usernameAbout')}
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('username')}
      />
      <Select
        label={t('users.role')}
        description={t(`users.roleAbout.${form.values.role}`)}
        allowDeselect={false}
        data={ROLES.map((value) => ({ value, label: t(`profile.roleName.${value}`) }))}
        {...form.getInputProps('role')}
      />
      <PasswordInput
        label={t('users.password')}
        description={t(user === null ? 'users.passwordAbout' : 'users.passwordKeep')}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('users.passwordShow') }}
        {...form.getInputProps('password')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput label={t('users.displayName')} autoComplete="off" {...form.getInputProps('display_name')} />
        <TextInput label={t('users.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
      </SimpleGrid>
    </FormDialog>
  );
}
