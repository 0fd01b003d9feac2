// SPDX-License-Identifier: MIT
//
// A limit of a day or a month, higher until that one ends.

import { Button, Select, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { raiseClientKeyLimit } from '@/api/limits';
import type { ClientKey, LimitRaise } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { CALENDAR, isRaise } from '@/lib/limits';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';

export function RaiseLimit({ clientKey }: { clientKey: ClientKey }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const names = CALENDAR.filter((name) => clientKey[name] !== null);
  if (names.length === 0) return null;
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setAsked(true)}>{t('limits.raise')}</Button>
      {asked && <RaiseDialog clientKey={clientKey} names={names} onClose={() => setAsked(false)} />}
    </>
  );
}

interface Props {
  clientKey: ClientKey;
  names: LimitRaise['limit_name'][];
  onClose: () => void;
}

function RaiseDialog({ clientKey: { id, name }, names, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useForm<LimitRaise>({
    initialValues: { limit_name: names[0] ?? 'requests_per_day', amount: '' },
    validate: {
      amount: (value, { limit_name }) => (isRaise(limit_name, value) ? null : t('limits.raiseWrong')),
    },
  });
  const raise = useMutation({
    mutationFn: (values: LimitRaise) => raiseClientKeyLimit(id, values),
    onSuccess: () => {
      notifyDone(t('limits.raised', { name }));
      onClose();
      return cache.invalidateQueries({ queryKey: ['limits'] });
    },
    onError: (error) => markField(form, error, ['limit_name', 'amount'], ''),
  });
  return (
    <FormDialog
      title={t('limits.raiseTitle', { name })}
      action={t('limits.raise')}
      pending={raise.isPending}
      error={raise.error}
      onSubmit={form.onSubmit((values) => raise.mutate({ ...values, amount: values.amount.trim() }))}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">{t('limits.raiseAbout')}</Text>
      <Select
        label={t('limits.raiseLimit')}
        data={names.map((value) => ({ value, label: t(`limits.name.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('limit_name')}
      />
      <TextInput label={t('limits.raiseBy')} inputMode="decimal" {...form.getInputProps('amount')} />
    </FormDialog>
  );
}
