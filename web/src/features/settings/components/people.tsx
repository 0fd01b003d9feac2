// SPDX-License-Identifier: MIT
//
// The OpenID provider by which people sign in to this console, and which of
// them get which role.

import { Button, Group, Input, PasswordInput, Select, SimpleGrid, Skeleton, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { oidcQuery, oidcSettingsQuery, updateOidcSettings } from '@/api/oidc';
import type { OidcRole, OidcSettings } from '@/api/types';
import { useRights } from '@/app/shell/use-rights';
import { ErrorNote } from '@/components/error-note';
import { FormRows } from '@/components/form-rows';
import { Notice } from '@/components/notice';
import { Section } from '@/components/section';
import { changedFields } from '@/lib/changes';
import { notifyDone } from '@/lib/notify';
import { listError, markField } from '@/lib/server-fields';

const ROLES: OidcRole['role'][] = ['admin', 'operator', 'viewer', 'user'];
const REFRESH_MS = 2_000;

export function People() {
  const { t } = useTranslation();
  const settings = useQuery({
    ...oidcSettingsQuery,
    refetchInterval: ({ state: { data } }) => (data?.is_enabled && !data.is_ready ? REFRESH_MS : false),
  });
  return (
    <Section title={t('oidc.people')}>
      {settings.error !== null && <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <Skeleton height={480} role="status" aria-label={t('common.loading')} />}
      {settings.data !== undefined && (
        <Stack gap="sm" py={4}>
          <State settings={settings.data} />
          <Form key={settings.data.updated_at} settings={settings.data} />
        </Stack>
      )}
    </Section>
  );
}

function State({ settings }: { settings: OidcSettings }) {
  const { t } = useTranslation();
  if (!settings.is_enabled || (settings.is_ready && settings.error === null)) return null;
  return (
    <Notice tone="warn" role="note">
      {settings.error === null ? t('oidc.reading') : t('oidc.unread', { reason: settings.error })}
    </Notice>
  );
}

function Form({ settings }: { settings: OidcSettings }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { administers } = useRights();
  const { has_client_secret, is_ready, error, updated_at, ...known } = settings;
  const initial = { ...known, client_secret: '' };
  const form = useForm({ initialValues: initial });
  const save = useMutation({
    mutationFn: (fields: typeof initial) => updateOidcSettings(changedFields(initial, fields)),
    onSuccess: (now) => {
      cache.setQueryData(oidcSettingsQuery.queryKey, now);
      void cache.invalidateQueries({ queryKey: oidcQuery.queryKey });
      notifyDone(t('oidc.saved'));
    },
    onError: (failure) => markField(form, failure, Object.keys(initial), t('errors.nameTaken.title')),
  });
  return (
    <form onSubmit={form.onSubmit((fields) => save.mutate(fields))}>
      <Stack gap="sm">
        <Switch
          label={t('oidc.enabled')}
          description={t('oidc.enabledAbout', { address: `${window.location.origin}/oidc/callback` })}
          {...form.getInputProps('is_enabled', { type: 'checkbox' })}
        />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <TextInput label={t('oidc.name')} description={t('oidc.nameAbout')} {...form.getInputProps('name')} />
          <TextInput label={t('oidc.issuer')} description={t('oidc.issuerAbout')} {...form.getInputProps('issuer')} />
          <TextInput label={t('oidc.clientId')} description={t('oidc.clientIdAbout')} {...form.getInputProps('client_id')} />
          <PasswordInput
            label={t('oidc.secret')}
            description={has_client_secret ? t('oidc.secretKept') : t('oidc.secretNone')}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            {...form.getInputProps('client_secret')}
          />
          <TagsInput
            label={t('oidc.scopes')}
            description={t('oidc.scopesAbout')}
            {...form.getInputProps('scopes')}
            error={listError(form.errors, 'scopes')}
          />
          <TagsInput
            label={t('oidc.domains')}
            description={t('oidc.domainsAbout')}
            {...form.getInputProps('email_domains')}
            error={listError(form.errors, 'email_domains')}
          />
          <TextInput label={t('oidc.claim')} description={t('oidc.claimAbout')} {...form.getInputProps('role_claim')} />
          <Switch
            label={t('oidc.creates')}
            description={t('oidc.createsAbout')}
            {...form.getInputProps('creates_users', { type: 'checkbox' })}
          />
        </SimpleGrid>
        <Input.Wrapper label={t('oidc.roles')} description={t('oidc.rolesAbout')} error={listError(form.errors, 'roles')} labelElement="div">
          <Stack gap="xs" mt={6}>
            <FormRows
              rows={form.values.roles}
              addLabel={t('oidc.roleAdd')}
              onAdd={() => form.insertListItem('roles', { value: '', role: 'viewer' })}
              onRemove={(index) => form.removeListItem('roles', index)}
            >
              {(_, index) => (
                <SimpleGrid cols={2} spacing="xs">
                  <TextInput aria-label={t('oidc.value')} placeholder={t('oidc.value')} {...form.getInputProps(`roles.${index}.value`)} />
                  <Select
                    aria-label={t('profile.role')}
                    allowDeselect={false}
                    data={ROLES.map((value) => ({ value, label: t(`profile.roleName.${value}`) }))}
                    {...form.getInputProps(`roles.${index}.role`)}
                  />
                </SimpleGrid>
              )}
            </FormRows>
          </Stack>
        </Input.Wrapper>
        {save.error !== null && <ErrorNote error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!administers || !form.isDirty()} loading={save.isPending}>{t('common.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
