// SPDX-License-Identifier: MIT
//
// The way in.

import { Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn } from '@/api/auth';
import { BrandMark } from '@/components/brand';
import { ErrorNote } from '@/components/error-note';
import { PreferencesMenu } from '@/components/preferences';
import { GateDrawing } from './components/gate-drawing';
import { OidcButton } from './components/oidc-button';
import classes from './page.module.css';

const route = getRouteApi('/sign-in');

/** There is nothing else to do on this page. */
function focusFirst(input: HTMLInputElement | null): void {
  input?.focus();
}

export function SignInPage() {
  const { t } = useTranslation();
  const { next } = route.useSearch();
  const router = useRouter();
  const title = t('signIn.title');
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: (value) => (value === '' ? t('signIn.usernameMissing') : null),
      password: (value) => (value === '' ? t('signIn.passwordMissing') : null),
    },
  });
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: () => router.history.replace(next ?? '/'),
    onError: () => form.setFieldValue('password', ''),
  });

  // The browser's tab is outside of React.
  useEffect(() => {
    document.title = `${title} · aiproxy`;
  }, [title]);

  return (
    <div className={classes.page}>
      <aside className={classes.picture} aria-hidden="true">
        <GateDrawing />
      </aside>
      <main className={classes.side}>
        <div className={classes.corner}><PreferencesMenu /></div>
        <form className={classes.form} onSubmit={form.onSubmit((login) => attempt.mutate(login))} noValidate>
          <div className={classes.brand}>
            <BrandMark size={26} />
            <span>aiproxy</span>
          </div>
          <Title order={1} size="xl" mb="lg">{title}</Title>
          <Stack gap="sm">
            <TextInput
              label={t('signIn.username')}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              ref={focusFirst}
              {...form.getInputProps('username')}
            />
            <PasswordInput
              label={t('signIn.password')}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
              {...form.getInputProps('password')}
            />
            {attempt.error !== null && <ErrorNote error={attempt.error} />}
            <Button type="submit" size="sm" mt="xs" fullWidth loading={attempt.isPending}>
              {t('signIn.action')}
            </Button>
            <OidcButton next={next} />
            <p className={classes.hint}>{t('signIn.hint')}</p>
          </Stack>
        </form>
      </main>
    </div>
  );
}
