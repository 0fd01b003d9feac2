// SPDX-License-Identifier: MIT
//
// What is left of the provider's own limits for a key.

import type { ProviderKey } from '@/api/types';

export const QUOTA_KINDS = ['requests', 'tokens'] as const;

interface Quota {
  limit: number;
  remaining: number;
}

/** In whole percent; of nothing, nothing is left. */
export function usedOfQuota({ limit, remaining }: Quota): number {
  return limit === 0 ? 100 : Math.floor((100 * (limit - remaining)) / limit);
}

/** Of the scarcer kind; undefined: nothing was told. */
export function leastLeft(quota: ProviderKey['vendor_quota']): number | undefined {
  const told = QUOTA_KINDS.map((kind) => quota[kind]).filter((kind) => kind !== null);
  return told.length === 0 ? undefined : 100 - Math.max(...told.map(usedOfQuota));
}
