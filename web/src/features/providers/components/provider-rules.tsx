// SPDX-License-Identifier: MIT
//
// The rules of a provider's form: where the model is said, and what its answers
// mean. Rows have no identity of their own: they are what stands in them.

import { ActionIcon, Button, Group, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components/icons';
import { MODEL_SOURCES, newVerdict, type ProviderFields, SCOPES, VERDICT_TABLES, VERDICTS } from '../fns/form';
import classes from './provider-rules.module.css';

interface Props {
  form: UseFormReturnType<ProviderFields>;
}

interface RowProps {
  label: string;
  onRemove: () => void;
  children: ReactNode;
}

function Row({ label, onRemove, children }: RowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.fields}>{children}</div>
      <ActionIcon mt={4} aria-label={label} onClick={onRemove}><Icon name="close" /></ActionIcon>
    </div>
  );
}

function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Group>
      <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={onClick}>{label}</Button>
    </Group>
  );
}

export function ModelFields({ form }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">{t('providers.rules.modelAbout')}</Text>
      {form.values.model_rules.map((_, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={index} label={t('providers.rules.remove')} onRemove={() => form.removeListItem('model_rules', index)}>
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
        </Row>
      ))}
      <AddButton
        label={t('providers.rules.modelAdd')}
        onClick={() => form.insertListItem('model_rules', { source: 'body', name: 'model' })}
      />
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
      {form.values.verdict_rules.map((rule, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Row key={index} label={t('providers.rules.remove')} onRemove={() => form.removeListItem('verdict_rules', index)}>
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
              thousandSeparator=" "
              allowDecimal={false}
              {...form.getInputProps(`verdict_rules.${index}.rest_ms`)}
            />
          </SimpleGrid>
        </Row>
      ))}
      <AddButton
        label={t('providers.rules.verdictAdd')}
        onClick={() => form.insertListItem('verdict_rules', newVerdict())}
      />
    </Stack>
  );
}
