// SPDX-License-Identifier: MIT
//
// What the address of the audit log may say.

import { readId } from '@/lib/opened';

export interface AuditSearch {
  object_type?: string;
  object_id?: string;
  action?: string;
  user_id?: number;
}

function readWord(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? undefined : text.slice(0, 64);
}

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const type = readWord(search['object_type']);
  const id = readWord(search['object_id']);
  const action = readWord(search['action']);
  const user = readId(search['user_id']);
  return {
    ...(type !== undefined && { object_type: type }),
    ...(id !== undefined && { object_id: id }),
    ...(action !== undefined && { action }),
    ...(user !== undefined && { user_id: user }),
  };
}
