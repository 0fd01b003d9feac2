// SPDX-License-Identifier: MIT
//
// The limits of a client key in its form, and what holds at their edges.

import { NumberInput, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { LimitInputs } from '@/components/limits/limit-inputs';
import type { ClientKeyFields } from '../fns/form';

const WHEN_UNKNOWN = ['closed', 'open', 'fraction'] as const;

export function LimitFields({ form }: { form: UseFormReturnType<ClientKeyFields> }) {
  const { t } = useTranslation();
  const { when_unknown } = form.values;
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">{t('limits.about')}</Text>
      <LimitInputs input={(name) => form.getInputProps(name)} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NumberInput
          label={t('limits.maxOutputTokens')}
          description={t('limits.maxOutputTokensAbout')}
          placeholder={t('limits.maxOutputTokensDefault')}
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          {...form.getInputProps('max_output_tokens')}
        />
        <Select
          label={t('limits.whenUnknown')}
          description={t(`limits.whenUnknownAbout.${when_unknown}`)}
          allowDeselect={false}
          data={WHEN_UNKNOWN.map((value) => ({ value, label: t(`limits.whenUnknownName.${value}`) }))}
          {...form.getInputProps('when_unknown')}
        />
        {when_unknown === 'fraction' && (
          <NumberInput
            label={t('limits.localPercent')}
            min={1}
            max={100}
            suffix=" %"
            allowDecimal={false}
            {...form.getInputProps('local_percent')}
          />
        )}
      </SimpleGrid>
      <Switch
        label={t('limits.endsAtLimit')}
        description={t('limits.endsAtLimitAbout')}
        {...form.getInputProps('ends_at_limit', { type: 'checkbox' })}
      />
    </Stack>
  );
}
