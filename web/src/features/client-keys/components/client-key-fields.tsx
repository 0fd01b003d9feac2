// SPDX-License-Identifier: MIT
//
// The folded parts of a client key's form.

import { Input, MultiSelect, NumberInput, SegmentedControl, SimpleGrid, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { listError } from '@/lib/server-fields';
import { BUDGET, type ClientKeyFields, DRAIN } from '../fns/form';
import type { PoolGroup } from '../fns/pool';

interface Props {
  form: UseFormReturnType<ClientKeyFields>;
}

type NumberName = (typeof BUDGET)[number] | (typeof DRAIN)[number];

function Numbers({ form, names }: Props & { names: readonly NumberName[] }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {names.map((name) => (
        <NumberInput
          key={name}
          label={t(`clientKeys.number.${name}`)}
          description={t(`clientKeys.numberAbout.${name}`)}
          placeholder={t('clientKeys.byDefault')}
          min={0}
          allowDecimal={false}
          thousandSeparator=","
          {...(name.endsWith('_ms') && { suffix: ' ms', step: 1000 })}
          {...form.getInputProps(name)}
        />
      ))}
    </SimpleGrid>
  );
}

export function RestrictionFields({ form, groups }: Props & { groups: PoolGroup[] }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <TagsInput
        label={t('clientKeys.restriction.addresses')}
        description={t('clientKeys.restriction.addressesAbout')}
        placeholder={form.values.allowed_addresses.length === 0 ? t('clientKeys.restriction.everywhere') : ''}
        {...form.getInputProps('allowed_addresses')}
        error={listError(form.errors, 'allowed_addresses')}
      />
      <TagsInput
        label={t('clientKeys.restriction.models')}
        description={t('clientKeys.restriction.modelsAbout')}
        placeholder={form.values.allowed_models.length === 0 ? t('clientKeys.restriction.everyModel') : ''}
        {...form.getInputProps('allowed_models')}
        error={listError(form.errors, 'allowed_models')}
      />
      <MultiSelect
        label={t('clientKeys.restriction.providers')}
        description={t('clientKeys.restriction.providersAbout')}
        placeholder={form.values.allowed_provider_ids.length === 0 ? t('clientKeys.restriction.everyProvider') : ''}
        data={groups.map(({ provider }) => ({ value: String(provider.id), label: provider.name }))}
        clearable
        {...form.getInputProps('allowed_provider_ids')}
        error={listError(form.errors, 'allowed_provider_ids')}
      />
    </Stack>
  );
}

export function FailoverFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Switch
        label={t('clientKeys.form.retryAfterTimeout')}
        description={t('clientKeys.form.retryAfterTimeoutAbout')}
        {...form.getInputProps('retry_after_timeout', { type: 'checkbox' })}
      />
      <Numbers form={form} names={BUDGET} />
    </Stack>
  );
}

export function AbortFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Input.Wrapper
        label={t('clientKeys.abort.label')}
        description={t(`clientKeys.abort.about.${form.values.on_abort}`)}
        labelElement="div"
      >
        <div>
          <SegmentedControl
            mt={6}
            size="xs"
            aria-label={t('clientKeys.abort.label')}
            data={(['cut', 'drain'] as const).map((value) => ({ value, label: t(`clientKeys.abort.name.${value}`) }))}
            {...form.getInputProps('on_abort')}
          />
        </div>
      </Input.Wrapper>
      {form.values.on_abort === 'drain' && <Numbers form={form} names={DRAIN} />}
    </Stack>
  );
}

export function StickyFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Input.Wrapper label={t('clientKeys.sticky.label')} labelElement="div">
        <div>
          <SegmentedControl
            mt={6}
            size="xs"
            aria-label={t('clientKeys.sticky.label')}
            data={(['user', 'prompt_cache_key', 'header'] as const).map((value) => ({
              value,
              label: t(`clientKeys.sticky.source.${value}`),
            }))}
            {...form.getInputProps('sticky.source')}
          />
        </div>
      </Input.Wrapper>
      {form.values.sticky.source === 'header' && (
        <TextInput
          label={t('clientKeys.sticky.header')}
          placeholder="x-session-id"
          {...form.getInputProps('sticky.header')}
        />
      )}
    </Stack>
  );
}
