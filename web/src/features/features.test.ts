// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { safeNext } from '@/app/safe-next';
import { sortRows, toggleSorting } from '@/components/table/sorting';
import { newPasswordFault, repeatedFault } from '@/lib/passwords';
import { isWeight, newProviderKey, providerKeyBody, providerKeyPatch } from './provider-keys/fns/form';
import { readImport, writeImport } from './provider-keys/fns/import';
import { readProviderKeySearch } from './provider-keys/fns/search';
import { comesBack, readReturned } from './provider-keys/fns/sign-in';

test('the way back after sign-in stays in this console', () => {
  expect(safeNext('/logs?status=429')).toBe('/logs?status=429');
  for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'logs', 7]) {
    expect(safeNext(next)).toBeUndefined();
  }
});

test('a header is clicked up, down, and off', () => {
  const up = toggleSorting(null, 'name');
  const down = toggleSorting(up, 'name');
  expect([up, down, toggleSorting(down, 'name')]).toEqual([
    { id: 'name', descending: false }, { id: 'name', descending: true }, null,
  ]);
  expect(sortRows(['k10', 'k9'], (row) => row, false)).toEqual(['k9', 'k10']);
  expect(sortRows([2, Infinity, 1], (row) => row, true)).toEqual([Infinity, 2, 1]);
});

test('a new password is long, new, and typed twice alike', () => {
  expect(newPasswordFault('old-password', 'short')).toBe('short');
  expect(newPasswordFault('same-password', 'same-password')).toBe('same');
  expect(newPasswordFault('old-password', '十二个字符的新密码一二三四')).toBeNull();
  expect(repeatedFault('a', 'b')).toBe('different');
});

test('an empty secret keeps the present one', () => {
  const before = { ...newProviderKey(3), name: 'k' };
  expect(providerKeyPatch(before, { ...before, weight: 2 })).toEqual({ weight: 2 });
  expect(providerKeyPatch(before, { ...before, secret: 's' })).toEqual({ secret: 's' });
});

test('weights are whole numbers from 1 to 1000', () => {
  expect([1, 1000].every(isWeight)).toBe(true);
  expect(([0, 1001, 1.5, ''] as const).some(isWeight)).toBe(false);
});

test('an address that names no provider shows all', () => {
  expect(readProviderKeySearch({ provider: '4' })).toEqual({ provider: 4 });
  expect(readProviderKeySearch({ provider: 'x' })).toEqual({});
});

test('a key that somebody signs in for is made without a secret', () => {
  const fields = { ...newProviderKey(3), name: 'k', kind: 'oauth' as const };
  expect(providerKeyBody(fields)).not.toHaveProperty('secret');
  expect(providerKeyBody({ ...fields, oauth_client_id: ' us ' })).toMatchObject({ kind: 'oauth', oauth_client_id: 'us' });
});

test('what a provider sends the browser back with', () => {
  expect(readReturned('?code=1%2F2&state=007&iss=x')).toEqual({ code: '1/2', state: '007' });
  expect(readReturned('?error=access_denied&state=s')).toEqual({ error: 'access_denied', state: 's' });
  for (const search of ['', '?code=x', '?state=s', '?state=&code=x']) expect(readReturned(search)).toBeNull();
  expect(comesBack({ redirect_uri: 'https://c.example/oauth/callback' }, 'https://c.example')).toBe(true);
  expect(comesBack({ redirect_uri: 'http://localhost:1/oauth/callback' }, 'https://c.example')).toBe(false);
});

test('pasted lines are names and secrets; what has no name gets one', () => {
  const text = 'a, sk-1\n\n# a comment\nsk-2\r\nteam b\tsk-3\nc sk-4\nd;sk-5\n  sk-6  ';
  const lines = readImport(text, 'acme', ['acme-1']);
  expect(lines).toEqual([
    { name: 'a', secret: 'sk-1' }, { name: 'acme-2', secret: 'sk-2' }, { name: 'team b', secret: 'sk-3' },
    { name: 'c', secret: 'sk-4' }, { name: 'd', secret: 'sk-5' }, { name: 'acme-3', secret: 'sk-6' },
  ]);
  expect(readImport(writeImport(lines), 'acme', [])).toEqual(lines);
  expect(readImport(' \n', 'acme', [])).toEqual([]);
});
