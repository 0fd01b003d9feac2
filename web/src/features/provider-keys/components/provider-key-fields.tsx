// SPDX-License-Identifier: MIT
//
// The folded parts of a provider key's form.

import { NumberInput, SimpleGrid } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { type ProviderKeyFields, WEIGHT_MAX } from '../fns/form';

interface Props {
  form: UseFormReturnType<ProviderKeyFields>;
}

export function OrderFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <NumberInput
        label={t('providerKeys.weight')}
        description={t('providerKeys.form.weightAbout')}
        min={1}
        max={WEIGHT_MAX}
        allowDecimal={false}
        {...form.getInputProps('weight')}
      />
      <NumberInput
        label={t('providerKeys.priority')}
        description={t('providerKeys.form.priorityAbout')}
        placeholder={t('providerKeys.form.last')}
        min={0}
        allowDecimal={false}
        {...form.getInputProps('priority')}
      />
    </SimpleGrid>
  );
}
