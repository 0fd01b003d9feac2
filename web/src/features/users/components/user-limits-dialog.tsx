// SPDX-License-Identifier: MIT
//
// What all client keys of a user may use together.

import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { updateUserLimits, userLimitsQuery } from '@/api/limits';
import type { User, UserLimits } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { LimitInputs } from '@/components/limits/limit-inputs';
import { changedFields } from '@/lib/changes';
import { isBudget, limitsBody, type LimitValues, limitValues } from '@/lib/limits';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';

interface Props {
  user: User;
  onClose: () => void;
}

export function UserLimitsDialog({ user, onClose }: Props) {
  const { t } = useTranslation();
  // Read when it opens: what is typed must not be overwritten by a refresh.
  const limits = useQuery({ ...userLimitsQuery(user.id), staleTime: Infinity, gcTime: 0 });
  if (limits.data !== undefined) return <LimitsForm user={user} limits={limits.data} onClose={onClose} />;
  if (limits.error === null) return null;
  return (
    <FormDialog
      title={t('limits.userTitle', { name: user.username })}
      action={t('common.tryAgain')}
      pending={limits.isFetching}
      error={limits.error}
      onSubmit={(event) => {
        event.preventDefault();
        void limits.refetch();
      }}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  );
}

function LimitsForm({ user, limits, onClose }: Props & { limits: UserLimits }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = limitValues(limits);
  const budget = (value: string) => (isBudget(value) ? null : t('limits.budgetWrong'));
  const form = useForm<LimitValues>({
    initialValues: initial,
    validate: { cost_per_day: budget, cost_per_month: budget },
  });
  const save = useMutation({
    mutationFn: (values: LimitValues) =>
      updateUserLimits(user.id, changedFields(limitsBody(initial), limitsBody(values))),
    onSuccess: () => {
      notifyDone(t('limits.userSaved', { name: user.username }));
      onClose();
      return cache.invalidateQueries({ queryKey: ['limits'] });
    },
    onError: (error) => markField(form, error, Object.keys(initial), ''),
  });
  return (
    <FormDialog
      title={t('limits.userTitle', { name: user.username })}
      action={t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">{t('limits.userAbout')} {t('limits.about')}</Text>
      <LimitInputs input={(name) => form.getInputProps(name)} />
    </FormDialog>
  );
}
