// SPDX-License-Identifier: MIT
//
// What the address of the dashboard may say; else the last seven days by model.

export const SPANS = [1, 7, 30, 90] as const;
export const DIMENSIONS = ['model', 'client_key', 'provider_key', 'provider', 'user'] as const;
export const ORDERS = ['cost', 'requests', 'tokens'] as const;

export type Span = (typeof SPANS)[number];
export type Dimension = (typeof DIMENSIONS)[number];
export type Order = (typeof ORDERS)[number];

export interface DashboardSearch {
  days?: Span;
  by?: Dimension;
  order?: Order;
}

export function readDashboardSearch(search: Record<string, unknown>): DashboardSearch {
  const days = SPANS.find((span) => span === Number(search['days']));
  const by = DIMENSIONS.find((dimension) => dimension === search['by']);
  const order = ORDERS.find((known) => known === search['order']);
  return { ...(days && { days }), ...(by && { by }), ...(order && { order }) };
}
