// SPDX-License-Identifier: MIT
//
// A sign-in for an OAuth key: begun once, watched until it is over.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { providerKeysQuery } from '@/api/provider-keys';
import { cancelSignIn, giveSignInCode, signInQuery, startSignIn } from '@/api/sign-ins';
import type { ProviderKey, SignIn } from '@/api/types';

export function useSignIn(providerKey: ProviderKey) {
  const cache = useQueryClient();
  const start = useMutation({ mutationFn: () => startSignIn(providerKey.id) });
  const begun = start.data;
  const watched = useQuery({ ...signInQuery(begun?.id ?? ''), enabled: begun !== undefined });
  const signIn: SignIn | undefined = watched.data ?? begun;
  const give = useMutation({
    mutationFn: (code: string) => giveSignInCode(begun?.id ?? '', code),
    onSuccess: (taken) => cache.setQueryData(signInQuery(taken.id).queryKey, taken),
  });
  const state = signIn?.state;
  // The list outside shows what came of it.
  useEffect(() => {
    if (state === 'done') void cache.invalidateQueries({ queryKey: providerKeysQuery.queryKey });
  }, [state, cache]);

  return {
    signIn,
    begin: () => start.mutate(),
    isBeginning: start.isPending,
    give: (code: string) => give.mutate(code),
    isGiving: give.isPending,
    /** Not found any more: its time is over. */
    isGone: watched.error !== null,
    error: start.error ?? give.error,
    leave: () => {
      if (begun !== undefined && state !== 'done') void cancelSignIn(begun.id).catch(() => undefined);
    },
  };
}
