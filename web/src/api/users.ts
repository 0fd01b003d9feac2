// SPDX-License-Identifier: MIT
//
// Who may manage the gateway.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import { setUser } from './session';
import type { Profile, User, UserCreate, UserPatch } from './types';

const PATH = '/api/users';

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => requestAll<User>(PATH, signal),
});

export function createUser(body: UserCreate): Promise<User> {
  return request<User>('POST', PATH, { body });
}

export function updateUser(id: number, body: UserPatch): Promise<User> {
  return request<User>('PATCH', `${PATH}/${id}`, { body });
}

export function deleteUser(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}

export async function updateProfile(body: Profile): Promise<void> {
  setUser(await request<User>('PATCH', '/api/auth/me', { body }));
}
