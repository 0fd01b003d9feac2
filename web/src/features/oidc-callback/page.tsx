// SPDX-License-Identifier: MIT
//
// Where the OpenID provider sends the browser back to: hands in what it
// brought, and goes on signed in, or says why not.

import { Loader, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { returnOidc, returnOidcLink } from '@/api/oidc';
import type { OidcReturn } from '@/api/types';
import { safeNext } from '@/app/safe-next';
import { BrandMark } from '@/components/brand';
import { ErrorNote } from '@/components/error-note';
import { ButtonLink } from '@/components/links';
import { Notice } from '@/components/notice';
import { readReturned } from '@/features/provider-keys/fns/sign-in';
import { recallWay } from '@/lib/oidc-way';
import classes from './page.module.css';

export function OidcCallbackPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const title = t('oidc.title');
  const [brought] = useState(() => readReturned(window.location.search));
  const [way] = useState(recallWay);
  const hand = useMutation({
    mutationFn: (given: OidcReturn) => (way.link ? returnOidcLink(given) : returnOidc(given)),
    onSuccess: () => router.history.replace(way.link ? '/profile' : (safeNext(way.next) ?? '/')),
  });
  const { mutate } = hand;
  // The browser's history does not keep the code; its tab is outside of React.
  useEffect(() => {
    document.title = `${title} · aiproxy`;
    if (brought === null) return;
    window.history.replaceState(null, '', window.location.pathname);
    mutate(brought);
  }, [brought, mutate, title]);
  const failed = brought === null || hand.error !== null;

  return (
    <main className={classes.page}>
      <Stack gap="md" className={classes.box}>
        <BrandMark size={26} />
        <Title order={1} size="xl">{title}</Title>
        {brought === null && <Notice tone="warn" role="alert">{t('oidc.broughtNothing')}</Notice>}
        {hand.error !== null && <ErrorNote error={hand.error} />}
        {!failed && <><Loader size="sm" /><Text size="sm">{t('oidc.wait')}</Text></>}
        {failed && (
          <ButtonLink variant="default" to={way.link ? '/profile' : '/sign-in'}>
            {way.link ? t('oidc.toProfile') : t('oidc.toSignIn')}
          </ButtonLink>
        )}
      </Stack>
    </main>
  );
}
