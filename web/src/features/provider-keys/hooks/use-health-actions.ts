// SPDX-License-Identifier: MIT
//
// What can be done for a key's health: probe it now, end its rests.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { checkProviderKey, endProviderKeyRest, keyHealthQuery, providerKeysQuery } from '@/api/provider-keys';
import { notifyDone } from '@/lib/notify';

interface Named {
  id: number;
  name: string;
}

export function useHealthActions() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = (id: number) =>
    Promise.all([
      cache.invalidateQueries({ queryKey: providerKeysQuery.queryKey }),
      cache.invalidateQueries({ queryKey: keyHealthQuery(id).queryKey }),
    ]);
  const check = useMutation({
    mutationFn: ({ id }: Named) => checkProviderKey(id),
    onSuccess: async (_, { id, name }) => {
      await refresh(id);
      notifyDone(t('providerKeys.healthOf.checked', { name }));
    },
  });
  const endRest = useMutation({
    mutationFn: ({ id }: Named) => endProviderKeyRest(id),
    onSuccess: async (_, { id, name }) => {
      await refresh(id);
      notifyDone(t('providerKeys.healthOf.ended', { name }));
    },
  });
  return { check, endRest };
}
