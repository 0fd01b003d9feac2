// SPDX-License-Identifier: MIT
//
// The folded parts of a provider's form.

import { JsonInput, NumberInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { FormRows } from '@/components/form-rows';
import { listError } from '@/lib/server-fields';
import type { ProviderFields } from '../fns/form';

const OAUTH_EXAMPLE = `{
  "grant": "authorization_code",
  "authorize_url": "https://example.com/authorize",
  "token_url": "https://example.com/token",
  "client_id": "…",
  "scopes": ["…"]
}`;

interface Props {
  form: UseFormReturnType<ProviderFields>;
}

export function CredentialFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">{t('providers.form.credentialAbout')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <Select
          label={t('providers.form.location')}
          allowDeselect={false}
          data={(['header', 'query'] as const).map((value) => ({
            value,
            label: t(`providers.form.locationName.${value}`),
          }))}
          {...form.getInputProps('credential.location')}
        />
        <TextInput label={t('providers.form.credentialName')} {...form.getInputProps('credential.name')} />
        <TextInput label={t('providers.form.prefix')} {...form.getInputProps('credential.prefix')} />
      </SimpleGrid>
    </Stack>
  );
}

export function HeaderFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">{t('providers.form.headersAbout')}</Text>
      <FormRows
        rows={form.values.required_headers}
        addLabel={t('providers.form.headerAdd')}
        onAdd={() => form.insertListItem('required_headers', { name: '', value: '' })}
        onRemove={(index) => form.removeListItem('required_headers', index)}
      >
        {(_, index) => (
          <SimpleGrid cols={2} spacing="xs">
            <TextInput
              aria-label={t('providers.form.headerName')}
              placeholder={t('providers.form.headerName')}
              {...form.getInputProps(`required_headers.${index}.name`)}
            />
            <TextInput
              aria-label={t('providers.form.headerValue')}
              placeholder={t('providers.form.headerValue')}
              {...form.getInputProps(`required_headers.${index}.value`)}
            />
          </SimpleGrid>
        )}
      </FormRows>
    </Stack>
  );
}

const TIMEOUTS = [
  'connect_timeout_ms', 'first_byte_timeout_ms', 'idle_timeout_ms', 'total_timeout_ms',
] as const;

export function TimeoutFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {TIMEOUTS.map((name) => (
        <NumberInput
          key={name}
          label={t(`providers.form.timeout.${name}`)}
          description={t(`providers.form.timeoutAbout.${name}`)}
          placeholder={name === 'total_timeout_ms' ? t('providers.form.noTimeout') : ''}
          min={1}
          step={1000}
          thousandSeparator=","
          suffix=" ms"
          allowDecimal={false}
          {...form.getInputProps(name)}
        />
      ))}
    </SimpleGrid>
  );
}

export function TlsFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Switch
        label={t('providers.form.tlsVerify')}
        description={t('providers.form.tlsVerifyAbout')}
        {...form.getInputProps('tls_verify', { type: 'checkbox' })}
      />
      <TextInput
        label={t('providers.form.tlsName')}
        description={t('providers.form.tlsNameAbout')}
        {...form.getInputProps('tls_name')}
      />
    </Stack>
  );
}

export function AnswerFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Switch
        label={t('providers.form.askUsage')}
        description={t('providers.form.askUsageAbout')}
        {...form.getInputProps('ask_usage', { type: 'checkbox' })}
      />
      <TextInput
        label={t('providers.form.priceList')}
        description={t('providers.form.priceListAbout')}
        placeholder={form.values.name}
        {...form.getInputProps('price_list')}
      />
      <JsonInput
        label={t('providers.form.usageMapping')}
        description={t('providers.form.usageMappingAbout')}
        autosize
        minRows={2}
        maxRows={12}
        formatOnBlur
        {...form.getInputProps('usage_mapping')}
      />
    </Stack>
  );
}

export function OAuthFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <JsonInput
      label={t('providers.form.oauth')}
      description={t('providers.form.oauthAbout')}
      placeholder={OAUTH_EXAMPLE}
      autosize
      minRows={6}
      maxRows={20}
      formatOnBlur
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      {...form.getInputProps('oauth')}
      error={listError(form.errors, 'oauth')}
    />
  );
}

export function PassingFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <TagsInput
        label={t('providers.form.allowedHeaders')}
        description={t('providers.form.allowedHeadersAbout')}
        {...form.getInputProps('allowed_headers')}
        error={listError(form.errors, 'allowed_headers')}
      />
      <TextInput
        label={t('providers.form.egress')}
        description={t('providers.form.egressAbout')}
        placeholder={t('providers.form.egressAny')}
        {...form.getInputProps('egress')}
      />
      <Switch
        label={t('providers.form.websocket')}
        description={t('providers.form.websocketAbout')}
        {...form.getInputProps('websocket', { type: 'checkbox' })}
      />
    </Stack>
  );
}
