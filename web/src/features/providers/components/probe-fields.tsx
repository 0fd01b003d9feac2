// SPDX-License-Identifier: MIT
//
// How the keys of a provider are probed: a part of its form.

import { JsonInput, NumberInput, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ProviderFields } from '../fns/form';

const MOST_SECONDS = 86_400;

export function ProbeFields({ form }: { form: UseFormReturnType<ProviderFields> }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Switch
        label={t('providers.probe.enabled')}
        description={t('providers.probe.enabledAbout')}
        {...form.getInputProps('probe.is_enabled', { type: 'checkbox' })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={t('providers.probe.path')}
          description={t('providers.probe.pathAbout')}
          placeholder={t('providers.probe.pathDefault')}
          {...form.getInputProps('probe.path')}
        />
        <NumberInput
          label={t('providers.probe.interval')}
          description={t('providers.probe.intervalAbout')}
          min={1}
          max={MOST_SECONDS}
          suffix=" s"
          allowDecimal={false}
          {...form.getInputProps('probe.interval_seconds')}
        />
      </SimpleGrid>
      <JsonInput
        label={t('providers.probe.body')}
        description={t('providers.probe.bodyAbout')}
        autosize
        minRows={1}
        maxRows={8}
        {...form.getInputProps('probe.body')}
      />
      <Switch
        label={t('providers.probe.provesUse')}
        description={t('providers.probe.provesUseAbout')}
        {...form.getInputProps('probe.proves_use', { type: 'checkbox' })}
      />
    </Stack>
  );
}
