// SPDX-License-Identifier: MIT
//
// A pool, seen by provider.

import type { Dialect, Provider, ProviderKey } from '@/api/types';

export interface PoolGroup {
  provider: Provider;
  keys: ProviderKey[];
}

/** All provider keys under their providers; providers without keys are left out. */
export function groupByProvider(providers: Provider[], keys: ProviderKey[]): PoolGroup[] {
  return providers
    .map((provider) => ({
      provider,
      keys: keys.filter((key) => key.provider_id === provider.id),
    }))
    .filter((group) => group.keys.length > 0);
}

/** The groups of one pool: only the keys that are in it. */
export function poolGroups(groups: PoolGroup[], ids: readonly number[]): PoolGroup[] {
  return groups
    .map((group) => ({ ...group, keys: group.keys.filter((key) => ids.includes(key.id)) }))
    .filter((group) => group.keys.length > 0);
}

/** Adds or removes keys; the order of what stays is kept. */
export function toggleKeys(pool: readonly number[], keys: readonly number[], on: boolean): number[] {
  const rest = pool.filter((id) => !keys.includes(id));
  return on ? [...rest, ...keys] : rest;
}

/** Which dialects a pool can serve, and a provider for each. */
export function poolDialects(groups: PoolGroup[]): Map<Dialect, Provider> {
  const found = new Map<Dialect, Provider>();
  for (const { provider } of groups.filter((group) => group.provider.is_enabled)) {
    for (const dialect of provider.dialects) {
      if (!found.has(dialect)) found.set(dialect, provider);
    }
  }
  return found;
}
