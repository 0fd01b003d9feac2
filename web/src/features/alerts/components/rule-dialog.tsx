// SPDX-License-Identifier: MIT
//
// A new rule, or changes to one.

import { MultiSelect, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { alertKindsQuery, alertRulesQuery, createAlertRule, updateAlertRule } from '@/api/alerts';
import type { AlertChannel, AlertRule } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';
import { type RuleFields, ruleBody, ruleFields, rulePatch, usualOf } from '../fns/rule-form';
import { SEVERITIES } from '../fns/search';
import { suffixOf } from '../fns/value';

interface Props {
  rule: AlertRule | null;
  channels: AlertChannel[];
  onClose: () => void;
}

function useRuleForm({ rule, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = ruleFields(rule);
  const form = useForm<RuleFields>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      kind: (value) => (value === null ? t('alerts.kindMissing') : null),
      cooldown_s: (value) => (value === '' ? t('alerts.numberMissing') : null),
    },
  });
  const save = useMutation({
    mutationFn: (fields: RuleFields) =>
      rule === null ? createAlertRule(ruleBody(fields)) : updateAlertRule(rule.id, rulePatch(initial, fields)),
    onSuccess: (saved) => {
      notifyDone(t('alerts.saved', { name: saved.name }));
      onClose();
      return cache.invalidateQueries({ queryKey: alertRulesQuery.queryKey });
    },
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
  });
  return { form, save };
}

export function RuleDialog(props: Props) {
  const { rule, channels, onClose } = props;
  const { t } = useTranslation();
  const kinds = useQuery(alertKindsQuery);
  const { form, save } = useRuleForm(props);
  const kind = kinds.data?.items.find((row) => row.kind === form.values.kind);
  const choose = (value: string | null) => {
    const chosen = kinds.data?.items.find((row) => row.kind === value);
    if (chosen !== undefined) form.setValues({ kind: chosen.kind, ...usualOf(chosen) });
  };
  return (
    <FormDialog
      title={rule === null ? t('alerts.addRule') : t('alerts.edit', { name: rule.name })}
      action={rule === null ? t('alerts.addRule') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput label={t('common.name')} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
      <Select
        label={t('alerts.kind')}
        searchable
        allowDeselect={false}
        disabled={rule !== null}
        nothingFoundMessage={t('common.noMatchTitle')}
        data={(kinds.data?.items ?? []).map((row) => ({ value: row.kind, label: t(`alerts.kindName.${row.kind}`) }))}
        {...form.getInputProps('kind')}
        onChange={choose}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {kind?.threshold && (
          <NumberInput
            label={t('alerts.threshold')}
            suffix={` ${suffixOf(kind.unit)}`.trimEnd()}
            allowNegative={false}
            allowDecimal={kind.unit === 'usd'}
            {...form.getInputProps('threshold')}
            onChange={(value) => form.setFieldValue('threshold', String(value))}
          />
        )}
        {kind?.window_s && (
          <NumberInput label={t('alerts.window')} suffix=" s" allowDecimal={false} allowNegative={false} {...form.getInputProps('window_s')} />
        )}
        <Select
          label={t('alerts.severity')}
          allowDeselect={false}
          data={SEVERITIES.map((value) => ({ value, label: t(`alerts.severityName.${value}`) }))}
          {...form.getInputProps('severity')}
        />
        <NumberInput
          label={t('alerts.cooldown')}
          suffix=" s"
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps('cooldown_s')}
        />
      </SimpleGrid>
      <MultiSelect
        label={t('alerts.tab.channels')}
        description={t('alerts.channelsAbout')}
        data={channels.map((row) => ({ value: String(row.id), label: row.name }))}
        {...form.getInputProps('channel_ids')}
      />
    </FormDialog>
  );
}
