// SPDX-License-Identifier: MIT
//
// For the holder of a client key, who has no account: what it used. The key is
// in this page's memory alone, and gone with it.

import { Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';
import { readKeyUsage } from '@/api/usage';
import { BrandMark } from '@/components/brand';
import { ErrorNote } from '@/components/error-note';
import { Notice } from '@/components/notice';
import { PreferencesMenu } from '@/components/preferences';
import { timeZone } from '@/lib/time-zone';
import { KeyReport } from './components/key-report';
import classes from './page.module.css';

export function UsagePage() {
  const { t } = useTranslation();
  const title = t('usage.title');
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState('');
  const read = useMutation({
    mutationFn: (key: string) => readKeyUsage(key, timeZone()),
    onSuccess: (_usage, key) => {
      setShown(key);
      setTyped('');
    },
    gcTime: 0,
  });

  // The browser's tab is outside of React.
  useEffect(() => {
    document.title = `${title} · aiproxy`;
  }, [title]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') read.mutate(typed.trim());
  };
  const forget = () => {
    setShown('');
    read.reset();
  };

  return (
    <main className={classes.page}>
      <div className={classes.head}>
        <BrandMark size={22} />
        <Title order={1} size="lg">{title}</Title>
        <div className={classes.end}><PreferencesMenu /></div>
      </div>
      {shown === '' && (
        <form onSubmit={submit} noValidate autoComplete="off">
          <Stack gap="sm" maw={420}>
            <Text size="sm" c="dimmed">{t('usage.about')}</Text>
            <PasswordInput
              label={t('usage.key')}
              placeholder="aip_…"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': t('usage.showKey') }}
            />
            <Button type="submit" disabled={typed.trim() === ''} loading={read.isPending}>{t('usage.show')}</Button>
          </Stack>
        </form>
      )}
      {read.error !== null && <Refusal error={read.error} />}
      {shown !== '' && read.data !== undefined && (
        <>
          <Group gap="xs">
            <Button variant="default" loading={read.isPending} onClick={() => read.mutate(shown)}>{t('usage.again')}</Button>
            <Button variant="default" onClick={forget}>{t('usage.forget')}</Button>
          </Group>
          <KeyReport usage={read.data} />
        </>
      )}
    </main>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  const status = error instanceof ApiError ? error.status : 0;
  if (status !== 401 && status !== 404) return <ErrorNote error={error} />;
  const kind = status === 401 ? 'unknown' : 'closed';
  return (
    <Notice tone="bad" title={t(`usage.${kind}`)} role="alert">
      <Text size="sm">{t(`usage.${kind}Text`)}</Text>
    </Notice>
  );
}
