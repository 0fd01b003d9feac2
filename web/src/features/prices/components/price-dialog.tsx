// SPDX-License-Identifier: MIT
//
// The price of one model: a list of one row, imported.

import { SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { importPrices, previewImport, pricesQuery, unpricedQuery } from '@/api/prices';
import { FormDialog } from '@/components/form-dialog';
import { fromLocalInput } from '@/lib/local-time';
import { notifyDone } from '@/lib/notify';
import { isAmount } from '../fns/amounts';

interface Props {
  list: string;
  model: string;
  onClose: () => void;
}

const AMOUNTS = ['input', 'output', 'cache_read'] as const;

export function PriceDialog({ list, model, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const wrong = (value: string) => (isAmount(value.trim()) ? null : t('prices.set.amountWrong'));
  const form = useForm({
    initialValues: { input: '', output: '', cache_read: '', from: '' },
    validate: {
      input: wrong,
      output: wrong,
      cache_read: (value) => (value.trim() === '' ? null : wrong(value)),
    },
  });
  const save = useMutation({
    mutationFn: async (fields: typeof form.values) => {
      const row = { provider: list, model, ...Object.fromEntries(AMOUNTS.map((name) => [name, fields[name].trim()])) };
      const body = {
        format: 'json' as const,
        content: JSON.stringify([row]),
        effective_from: fromLocalInput(fields.from),
      };
      const { table_version } = await previewImport(body);
      return importPrices({ ...body, table_version });
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: pricesQuery.queryKey });
      void cache.invalidateQueries({ queryKey: unpricedQuery.queryKey });
      notifyDone(t('prices.set.done', { model }));
      onClose();
    },
    gcTime: 0,
  });
  return (
    <FormDialog
      title={t('prices.set.title', { model })}
      action={t('prices.set.action')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput label={t('prices.list')} value={list} readOnly />
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        {AMOUNTS.map((name) => (
          <TextInput
            key={name}
            label={t(`prices.column.${name}`)}
            inputMode="decimal"
            autoComplete="off"
            leftSection="$"
            data-autofocus={name === 'input' || undefined}
            {...form.getInputProps(name)}
          />
        ))}
      </SimpleGrid>
      <TextInput
        type="datetime-local"
        label={t('prices.set.effective')}
        description={t('prices.set.effectiveAbout')}
        {...form.getInputProps('from')}
      />
    </FormDialog>
  );
}
