// SPDX-License-Identifier: MIT
//
// Changes one's own password.

import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { changePassword } from '@/api/auth';
import { ApiError } from '@/api/error';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { notifyDone } from '@/lib/notify';
import { newPasswordFault, PASSWORD_MIN, type PasswordFault, repeatedFault } from '@/lib/passwords';

export function PasswordForm() {
  const { t } = useTranslation();
  const say = (fault: PasswordFault | null) =>
    fault === null ? null : t(`password.fault.${fault}`, { count: PASSWORD_MIN });

  const form = useForm({
    initialValues: { current: '', next: '', repeated: '' },
    validate: {
      current: (value) => (value === '' ? t('password.currentMissing') : null),
      next: (value, values) => say(newPasswordFault(values.current, value)),
      repeated: (value, values) => say(repeatedFault(values.next, value)),
    },
  });
  const change = useMutation({
    mutationFn: (values: { current: string; next: string }) =>
      changePassword({ current_password: values.current, new_password: values.next }),
    onSuccess: () => {
      form.reset();
      notifyDone(t('password.done'));
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      if (error.field === 'current_password') form.setFieldError('current', t('password.currentWrong'));
      if (error.field === 'new_password') form.setFieldError('next', error.message);
    },
  });
  const ownField = change.error instanceof ApiError && change.error.field !== null;
  const show = { 'aria-label': t('signIn.showPassword') };

  return (
    <Section title={t('password.title')} id="password">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack gap="sm" maw={360} py={4}>
          <Text size="sm" c="dimmed">{t('password.about')}</Text>
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={show}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t('password.next')}
            description={t('password.rule', { count: PASSWORD_MIN })}
            autoComplete="new-password"
            visibilityToggleButtonProps={show}
            {...form.getInputProps('next')}
          />
          <PasswordInput
            label={t('password.repeated')}
            autoComplete="new-password"
            visibilityToggleButtonProps={show}
            {...form.getInputProps('repeated')}
          />
          {change.error !== null && !ownField && <ErrorNote error={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending}>{t('password.action')}</Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
