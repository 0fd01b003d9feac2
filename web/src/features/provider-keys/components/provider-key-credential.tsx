// SPDX-License-Identifier: MIT
//
// A provider key's credential: why it is not good and the way back, and of an
// OAuth key when its token is renewed.

import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { providerKeysQuery, refreshProviderKey, updateProviderKey } from '@/api/provider-keys';
import type { ProviderKey } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { Facts, Section } from '@/components/section';
import { StateLabel } from '@/components/state-label';
import { Time } from '@/components/time';
import type { Grant } from '../fns/sign-in';
import { needsSignIn } from '../fns/sign-in';
import { SignInDialog } from './sign-in-dialog';

interface Props {
  providerKey: ProviderKey;
  grant: Grant | undefined;
  mayChange: boolean;
}

export function ProviderKeyCredential({ providerKey, grant, mayChange }: Props) {
  const { t } = useTranslation();
  const [signingIn, setSigningIn] = useState(false);
  const signsIn = providerKey.kind === 'oauth' && needsSignIn(grant);
  if (providerKey.credential_state === 'good' && providerKey.kind === 'secret') return null;
  const waitsForPerson = signsIn && providerKey.credential_state === 'sign_in_needed';
  return (
    <Section
      title={t('providerKeys.credential.title')}
      end={
        <Group gap="xs">
          {!waitsForPerson && <WayBack providerKey={providerKey} mayChange={mayChange} />}
          {signsIn && (
            <Button
              variant={waitsForPerson ? 'filled' : 'default'}
              disabled={!mayChange}
              onClick={() => setSigningIn(true)}
            >
              {t(waitsForPerson ? 'providerKeys.signIn.begin' : 'providerKeys.signIn.anew')}
            </Button>
          )}
        </Group>
      }
    >
      <State providerKey={providerKey} />
      {providerKey.oauth !== null && <Token token={providerKey.oauth} />}
      {signingIn && <SignInDialog providerKey={providerKey} onClose={() => setSigningIn(false)} />}
    </Section>
  );
}

function State({ providerKey }: { providerKey: ProviderKey }) {
  const { t } = useTranslation();
  const { credential_state: state, credential_reason: reason, kind } = providerKey;
  const tone = state === 'good' ? 'ok' : state === 'pending' ? 'warn' : 'bad';
  const about = kind === 'oauth' ? 'providerKeys.credential.aboutToken' : 'providerKeys.credential.about';
  return (
    <>
      <StateLabel tone={tone} detail={reason}>{t(`providerKeys.credential.state.${state}`)}</StateLabel>
      {state !== 'good' && <Text size="sm" c="dimmed" mt={6}>{t(about)}</Text>}
    </>
  );
}

/** A secret is said to be good again; a token is asked for. */
function WayBack({ providerKey, mayChange }: { providerKey: ProviderKey; mayChange: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const asks = providerKey.credential_state === 'good' || providerKey.credential_state === 'pending';
  const back = useMutation({
    mutationFn: () =>
      asks
        ? refreshProviderKey(providerKey.id)
        : updateProviderKey(providerKey.id, { credential_state: 'good' }),
    onSuccess: () => cache.invalidateQueries({ queryKey: providerKeysQuery.queryKey }),
  });
  return (
    <>
      <Button variant="default" disabled={!mayChange} loading={back.isPending} onClick={() => back.mutate()}>
        {t(asks ? 'providerKeys.token.renew' : 'providerKeys.credential.restore')}
      </Button>
      {back.error !== null && <ErrorNote error={back.error} />}
    </>
  );
}

function timeOrNone(value: string | null) {
  return value === null ? '–' : <Time value={value} />;
}

function Token({ token }: { token: NonNullable<ProviderKey['oauth']> }) {
  const { t } = useTranslation();
  return (
    <Facts
      facts={[
        { label: t('providerKeys.token.obtained'), value: timeOrNone(token.obtained_at) },
        { label: t('providerKeys.token.expires'), value: timeOrNone(token.expires_at) },
        { label: t('providerKeys.token.refresh'), value: timeOrNone(token.refresh_at) },
        ...(token.refresh_error === null
          ? []
          : [{ label: t('providerKeys.token.error'), value: token.refresh_error }]),
      ]}
    />
  );
}
