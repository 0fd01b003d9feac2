// SPDX-License-Identifier: MIT
//
// What the address of the provider keys page may say: one provider, and which
// key is open.

import { type OpenSearch, readId, readOpen } from '@/lib/opened';

export interface ProviderKeySearch extends OpenSearch {
  provider?: number;
}

export function readProviderKeySearch(search: Record<string, unknown>): ProviderKeySearch {
  const provider = readId(search['provider']);
  return { ...(provider !== undefined && { provider }), ...readOpen(search) };
}
