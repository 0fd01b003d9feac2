// SPDX-License-Identifier: MIT
//
// Where a provider sends the browser after a sign-in for an OAuth key. Hands
// in what it brought, in the session of whoever is signed in here: the daemon
// knows who began.

import { Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { returnSignIn, signInQuery } from '@/api/sign-ins';
import { ErrorNote } from '@/components/error-note';
import { ButtonLink } from '@/components/links';
import { Notice } from '@/components/notice';
import { Page } from '@/components/page';
import { StateLabel } from '@/components/state-label';
import { readReturned } from '@/features/provider-keys/fns/sign-in';

export function OAuthCallbackPage() {
  const { t } = useTranslation();
  const [brought] = useState(() => readReturned(window.location.search));
  const hand = useMutation({ mutationFn: returnSignIn });
  const { mutate } = hand;
  // The browser's history does not keep the code.
  useEffect(() => {
    if (brought === null) return;
    window.history.replaceState(null, '', window.location.pathname);
    mutate(brought);
  }, [brought, mutate]);
  const watched = useQuery({ ...signInQuery(hand.data?.id ?? ''), enabled: hand.data !== undefined });
  const signIn = watched.data ?? hand.data;

  return (
    <Page title={t('providerKeys.signIn.callback')} about={t('providerKeys.signIn.callbackAbout')}>
      <Stack gap="md" align="flex-start">
        {brought === null && <Notice tone="warn" role="alert">{t('providerKeys.signIn.broughtNothing')}</Notice>}
        {hand.error !== null && <ErrorNote error={hand.error} />}
        {hand.error === null && brought !== null && signIn?.state !== 'done' && signIn?.state !== 'failed' && (
          <Loader size="sm" />
        )}
        {signIn?.state === 'done' && (
          <>
            <StateLabel tone="ok">{t('providerKeys.signIn.done')}</StateLabel>
            <Text size="sm">{t('providerKeys.signIn.mayClose')}</Text>
          </>
        )}
        {signIn?.state === 'failed' && (
          <Notice tone="bad" role="alert" title={t('providerKeys.signIn.failed')}>{signIn.error}</Notice>
        )}
        <ButtonLink
          variant="default"
          to="/provider-keys"
          search={signIn === undefined ? {} : { open: signIn.provider_key_id }}
        >
          {t('providerKeys.signIn.toKeys')}
        </ButtonLink>
      </Stack>
    </Page>
  );
}
