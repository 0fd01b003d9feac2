// SPDX-License-Identifier: MIT
//
// The rules of a provider's form: where the model is said, and what its answers
// mean.

import { NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { FormRows } from '@/components/form-rows';
import { MODEL_SOURCES, newVerdict, type ProviderFields, SCOPES, VERDICT_TABLES, VERDICTS } from '../fns/form';

interface Props {
  form: UseFormReturnType<ProviderFields>;
}

export function ModelFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">{t('providers.rules.modelAbout')}</Text>
      <FormRows
        framed
        rows={form.values.model_rules}
        addLabel={t('providers.rules.modelAdd')}
        onAdd={() => form.insertListItem('model_rules', { source: 'body', name: 'model' })}
        onRemove={(index) => form.removeListItem('model_rules', index)}
      >
        {(_, index) => (
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
            <Select
              aria-label={t('providers.rules.source')}
              allowDeselect={false}
              data={MODEL_SOURCES.map((value) => ({ value, label: t(`providers.rules.sourceName.${value}`) }))}
              {...form.getInputProps(`model_rules.${index}.source`)}
            />
            <TextInput
              aria-label={t('providers.rules.sourceField')}
              placeholder={t('providers.rules.sourceField')}
              {...form.getInputProps(`model_rules.${index}.name`)}
            />
          </SimpleGrid>
        )}
      </FormRows>
    </Stack>
  );
}

export function VerdictFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Select
        label={t('providers.rules.table')}
        description={t('providers.rules.tableAbout')}
        placeholder={t('providers.rules.tableOfDialect')}
        clearable
        data={VERDICT_TABLES.map((value) => ({ value, label: t(`providers.rules.tableName.${value}`) }))}
        value={form.values.verdict_table || null}
        onChange={(value) => form.setFieldValue('verdict_table', value ?? '')}
      />
      <Text size="xs" c="dimmed" mt={4}>{t('providers.rules.verdictAbout')}</Text>
      <FormRows
        framed
        rows={form.values.verdict_rules}
        addLabel={t('providers.rules.verdictAdd')}
        onAdd={() => form.insertListItem('verdict_rules', newVerdict())}
        onRemove={(index) => form.removeListItem('verdict_rules', index)}
      >
        {(rule, index) => (
          <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs">
            <NumberInput
              label={t('providers.rules.status')}
              placeholder={t('providers.rules.any')}
              hideControls
              min={100}
              max={599}
              allowDecimal={false}
              {...form.getInputProps(`verdict_rules.${index}.status`)}
            />
            <TextInput
              label={t('providers.rules.name')}
              placeholder={t('providers.rules.any')}
              {...form.getInputProps(`verdict_rules.${index}.name`)}
            />
            <TextInput
              label={t('providers.rules.text')}
              placeholder={t('providers.rules.any')}
              {...form.getInputProps(`verdict_rules.${index}.text`)}
            />
            <Select
              label={t('providers.rules.verdict')}
              allowDeselect={false}
              data={VERDICTS.map((value) => ({ value, label: t(`verdict.${value}`) }))}
              {...form.getInputProps(`verdict_rules.${index}.verdict`)}
            />
            <Select
              label={t('providers.rules.scope')}
              placeholder={t('providers.rules.byVerdict')}
              clearable
              data={SCOPES.map((value) => ({ value, label: t(`providers.rules.scopeName.${value}`) }))}
              value={rule.scope || null}
              onChange={(value) => form.setFieldValue(`verdict_rules.${index}.scope`, value ?? '')}
            />
            <NumberInput
              label={t('providers.rules.rest')}
              placeholder={t('providers.rules.byVerdict')}
              suffix=" ms"
              step={1000}
              min={0}
              thousandSeparator=","
              allowDecimal={false}
              {...form.getInputProps(`verdict_rules.${index}.rest_ms`)}
            />
          </SimpleGrid>
        )}
      </FormRows>
    </Stack>
  );
}
