// SPDX-License-Identifier: MIT
//
// A sign-in for an OAuth key: the provider's page is opened in another tab, and
// its code comes back by itself, is pasted here, or was entered there.

import { Anchor, Button, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProviderKey, SignIn } from '@/api/types';
import { CopyButton } from '@/components/copy-button';
import { ErrorNote } from '@/components/error-note';
import { Notice } from '@/components/notice';
import { StateLabel } from '@/components/state-label';
import { useReturnFocus } from '@/lib/return-focus';
import { comesBack } from '../fns/sign-in';
import { useSignIn } from '../hooks/use-sign-in';

interface Props {
  providerKey: ProviderKey;
  onClose: () => void;
}

export function SignInDialog({ providerKey, onClose }: Props) {
  const { t } = useTranslation();
  const flow = useSignIn(providerKey);
  const { signIn } = flow;
  useReturnFocus();
  const close = () => {
    flow.leave();
    onClose();
  };

  return (
    <Modal
      opened
      onClose={close}
      title={t('providerKeys.signIn.title', { name: providerKey.name })}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        {signIn === undefined && <Text size="sm">{t('providerKeys.signIn.about')}</Text>}
        {signIn !== undefined && !flow.isGone && <Step signIn={signIn} flow={flow} />}
        {flow.isGone && <Notice tone="warn" role="alert">{t('providerKeys.signIn.gone')}</Notice>}
        {flow.error !== null && <ErrorNote error={flow.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {t(signIn?.state === 'done' ? 'common.close' : 'common.cancel')}
          </Button>
          {(signIn === undefined || signIn.state === 'failed' || flow.isGone) && (
            <Button data-autofocus loading={flow.isBeginning} onClick={flow.begin}>
              {t(signIn === undefined ? 'providerKeys.signIn.begin' : 'providerKeys.signIn.again')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Step({ signIn, flow }: { signIn: SignIn; flow: ReturnType<typeof useSignIn> }) {
  const { t } = useTranslation();
  if (signIn.state === 'done') {
    return <StateLabel tone="ok">{t('providerKeys.signIn.done')}</StateLabel>;
  }
  if (signIn.state === 'failed') {
    return <Notice tone="bad" role="alert" title={t('providerKeys.signIn.failed')}>{signIn.error}</Notice>;
  }
  if (signIn.state === 'waiting' && signIn.authorize_url !== null) return <Browser signIn={signIn} flow={flow} />;
  if (signIn.state === 'waiting' && signIn.user_code !== null) return <Device signIn={signIn} />;
  return <Waiting />;
}

function Waiting() {
  const { t } = useTranslation();
  return (
    <Group gap="xs" role="status">
      <Loader size="xs" />
      <Text size="sm" c="dimmed">{t('providerKeys.signIn.waiting')}</Text>
    </Group>
  );
}

function Browser({ signIn, flow }: { signIn: SignIn; flow: ReturnType<typeof useSignIn> }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const back = comesBack(signIn, window.location.origin);
  return (
    <>
      <Button component="a" href={signIn.authorize_url ?? ''} target="_blank" rel="noreferrer">
        {t('providerKeys.signIn.open')}
      </Button>
      <Text size="sm">{t(back ? 'providerKeys.signIn.comesBack' : 'providerKeys.signIn.paste')}</Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          flow.give(code.trim());
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t('providerKeys.signIn.code')}
            description={t('providerKeys.signIn.codeAbout')}
            autoComplete="off"
            spellCheck={false}
            style={{ flexGrow: 1 }}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={code.trim() === ''} loading={flow.isGiving}>
            {t('providerKeys.signIn.give')}
          </Button>
        </Group>
      </form>
      {back && <Waiting />}
    </>
  );
}

function Device({ signIn }: { signIn: SignIn }) {
  const { t } = useTranslation();
  const code = signIn.user_code ?? '';
  const page = signIn.verification_url ?? '';
  return (
    <>
      <Text size="sm">{t('providerKeys.signIn.device')}</Text>
      <Group gap="xs">
        <Text span ff="monospace" fz="xl" fw={600} data-testid="user-code">{code}</Text>
        <CopyButton text={code} label={t('providerKeys.signIn.copyCode')} />
      </Group>
      <Anchor href={page} target="_blank" rel="noreferrer" size="sm">{page}</Anchor>
      <Waiting />
    </>
  );
}
