// SPDX-License-Identifier: MIT
//
// The form of a client key: its rules, and how it is saved.

import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { clientKeysQuery, createClientKey, updateClientKey } from '@/api/client-keys';
import type { ClientKey, ClientKeyCreated } from '@/api/types';
import { isBudget } from '@/lib/limits';
import { notifyDone } from '@/lib/notify';
import { markField } from '@/lib/server-fields';
import {
  clientKeyBody,
  type ClientKeyFields,
  clientKeyFields,
  clientKeyPatch,
  newClientKey,
} from '../fns/form';

interface Options {
  clientKey: ClientKey | null;
  onCreated: (created: ClientKeyCreated) => void;
  onClose: () => void;
}

export function useClientKeyForm({ clientKey, onCreated, onClose }: Options) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const initial = clientKey === null ? newClientKey() : clientKeyFields(clientKey);
  const budget = (value: string) => (isBudget(value) ? null : t('limits.budgetWrong'));
  const form = useForm<ClientKeyFields>({
    initialValues: initial,
    validate: {
      name: (value) => (value.trim() === '' ? t('common.nameMissing') : null),
      cost_per_day: budget,
      cost_per_month: budget,
      local_percent: (value, { when_unknown }) =>
        when_unknown === 'fraction' && value === '' ? t('limits.localPercentMissing') : null,
      sticky: {
        header: (value, { strategy, sticky }) =>
          strategy === 'sticky' && sticky.source === 'header' && value.trim() === ''
            ? t('clientKeys.sticky.headerMissing')
            : null,
      },
    },
  });

  const save = useMutation({
    mutationFn: async (fields: ClientKeyFields) => {
      if (clientKey === null) {
        onCreated(await createClientKey(clientKeyBody(fields)));
        return;
      }
      const saved = await updateClientKey(clientKey.id, clientKeyPatch(initial, fields));
      notifyDone(t('clientKeys.saved', { name: saved.name }));
      onClose();
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: clientKeysQuery.queryKey }),
    onError: (error) => markField(form, error, Object.keys(initial), t('errors.nameTaken.title')),
    // The key itself is in the reply, and is kept nowhere but on the screen.
    gcTime: 0,
  });
  return { form, save };
}
