// SPDX-License-Identifier: MIT
//
// Tokens of the management API, for automation.

import { queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type { ApiToken, ApiTokenCreate, ApiTokenCreated } from './types';

const PATH = '/api/api-tokens';

export const apiTokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: ({ signal }) => requestAll<ApiToken>(PATH, signal),
});

export function createApiToken(body: ApiTokenCreate): Promise<ApiTokenCreated> {
  return request<ApiTokenCreated>('POST', PATH, { body });
}

export function deleteApiToken(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${PATH}/${id}`);
}
