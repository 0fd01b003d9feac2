// SPDX-License-Identifier: MIT
//
// What a provider key proves itself by: a secret as the provider gave it, or a
// token that is renewed, for which a person signs in, a client has a secret, or
// a service account a file.

import { PasswordInput, SegmentedControl, Text, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Provider } from '@/api/types';
import type { ProviderKeyFields } from '../fns/form';
import { needsSignIn } from '../fns/sign-in';

interface Props {
  form: UseFormReturnType<ProviderKeyFields>;
  isNew: boolean;
  provider: Provider | undefined;
}

export function SecretFields({ form, isNew, provider }: Props) {
  const { t } = useTranslation();
  const grant = form.values.kind === 'oauth' ? provider?.oauth?.grant : undefined;
  return (
    <>
      {isNew && provider?.oauth != null && (
        <SegmentedControl
          size="xs"
          aria-label={t('providerKeys.form.kind')}
          data={(['oauth', 'secret'] as const).map((value) => ({ value, label: t(`providerKeys.kind.${value}`) }))}
          value={form.values.kind}
          onChange={(kind) => form.setFieldValue('kind', kind as ProviderKeyFields['kind'])}
          style={{ alignSelf: 'flex-start' }}
        />
      )}
      {needsSignIn(grant) && <Text size="sm" c="dimmed">{t('providerKeys.form.signInAbout')}</Text>}
      {grant === 'client_credentials' && (
        <TextInput
          label={t('providerKeys.form.clientId')}
          description={t('providerKeys.form.clientIdAbout')}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('oauth_client_id')}
        />
      )}
      {grant === 'service_account' ? (
        <Textarea
          label={t('providerKeys.form.account')}
          description={t(isNew ? 'providerKeys.form.accountAbout' : 'providerKeys.form.secretKeep')}
          autosize
          minRows={4}
          maxRows={8}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('secret')}
        />
      ) : (
        !needsSignIn(grant) && form.values.secret_reference === '' && (
          <SecretField form={form} isNew={isNew} isClient={grant !== undefined} />
        )
      )}
      {form.values.kind === 'secret' && (
        <TextInput
          label={t('providerKeys.form.reference')}
          description={t('providerKeys.form.referenceAbout')}
          placeholder="env:OPENAI_KEY"
          autoComplete="off"
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('secret_reference')}
        />
      )}
    </>
  );
}

function SecretField({ form, isNew, isClient }: Pick<Props, 'form' | 'isNew'> & { isClient: boolean }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t(isClient ? 'providerKeys.form.clientSecret' : 'providerKeys.form.secret')}
      description={isNew ? t('providerKeys.form.secretAbout') : t('providerKeys.form.secretKeep')}
      autoComplete="off"
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': t('providerKeys.form.secretShow') }}
      {...form.getInputProps('secret')}
    />
  );
}
