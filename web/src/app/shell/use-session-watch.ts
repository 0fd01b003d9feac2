// SPDX-License-Identifier: MIT
//
// The session, as a hook; and the way out when it ends under our hands.

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { currentToken, currentUser, subscribeSession } from '@/api/session';
import type { User } from '@/api/types';

export function useUser(): User | null {
  return useSyncExternalStore(subscribeSession, currentUser);
}

export function useSessionWatch(): void {
  const router = useRouter();
  const cache = useQueryClient();

  // The session is kept outside of React and ends there.
  useEffect(
    () =>
      subscribeSession(() => {
        if (currentToken() !== null) return;
        cache.clear();
        void router.navigate({ to: '/sign-in', search: { next: router.state.location.href } });
      }),
    [router, cache],
  );
}
