// SPDX-License-Identifier: MIT
//
// What the address of the provider keys page may say: one provider.

export interface ProviderKeySearch {
  provider?: number;
}

export function readProviderKeySearch(search: Record<string, unknown>): ProviderKeySearch {
  const provider = Number(search['provider']);
  return Number.isSafeInteger(provider) && provider > 0 ? { provider } : {};
}
