// SPDX-License-Identifier: MIT
//
// What a client key used, for whoever holds it. The key is sent in a header.

import { request } from './request';
import type { KeyUsage } from './types';

export function readKeyUsage(clientKey: string, zone: string): Promise<KeyUsage> {
  return request<KeyUsage>('GET', '/api/public/usage', { query: { time_zone: zone }, clientKey });
}
