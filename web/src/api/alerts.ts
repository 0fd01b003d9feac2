// SPDX-License-Identifier: MIT
//
// Alerts, the rules that find them, and the channels that are told.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { requestAll } from './pages';
import { request } from './request';
import type {
  Alert,
  AlertChannel,
  AlertChannelCreate,
  AlertChannelCreated,
  AlertChannelPatch,
  AlertDelivery,
  AlertKind,
  AlertQuery,
  AlertRule,
  AlertRuleCreate,
  AlertRulePatch,
  Page,
} from './types';

export type AlertFilter = Omit<AlertQuery, 'cursor' | 'limit'>;

const RULES = '/api/alert-rules';
const CHANNELS = '/api/alert-channels';
const PAGE_SIZE = 50;

export function alertsQuery(filter: AlertFilter) {
  return infiniteQueryOptions({
    queryKey: ['alerts', filter],
    queryFn: ({ pageParam, signal }) =>
      request<Page<Alert>>('GET', '/api/alerts', { query: { ...filter, limit: PAGE_SIZE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function alertQuery(id: number) {
  return queryOptions({
    queryKey: ['alerts', id],
    queryFn: ({ signal }) => request<Alert>('GET', `/api/alerts/${id}`, { signal }),
  });
}

export function acknowledgeAlert(id: number): Promise<Alert> {
  return request<Alert>('POST', `/api/alerts/${id}/acknowledge`);
}

export function alertDeliveriesQuery(alertId: number) {
  return queryOptions({
    queryKey: ['alert-deliveries', alertId],
    queryFn: ({ signal }) =>
      request<Page<AlertDelivery>>('GET', '/api/alert-deliveries', { query: { alert_id: alertId, limit: 50 }, signal }),
  });
}

export const alertKindsQuery = queryOptions({
  queryKey: ['alert-kinds'],
  queryFn: ({ signal }) => request<Page<AlertKind>>('GET', '/api/alert-kinds', { signal }),
  staleTime: Infinity,
});

export const alertRulesQuery = queryOptions({
  queryKey: ['alert-rules'],
  queryFn: ({ signal }) => requestAll<AlertRule>(RULES, signal),
});

export function createAlertRule(body: AlertRuleCreate): Promise<AlertRule> {
  return request<AlertRule>('POST', RULES, { body });
}

export function updateAlertRule(id: number, body: AlertRulePatch): Promise<AlertRule> {
  return request<AlertRule>('PATCH', `${RULES}/${id}`, { body });
}

export function deleteAlertRule(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${RULES}/${id}`);
}

export const alertChannelsQuery = queryOptions({
  queryKey: ['alert-channels'],
  queryFn: ({ signal }) => requestAll<AlertChannel>(CHANNELS, signal),
});

export function createAlertChannel(body: AlertChannelCreate): Promise<AlertChannelCreated> {
  return request<AlertChannelCreated>('POST', CHANNELS, { body });
}

export function updateAlertChannel(id: number, body: AlertChannelPatch): Promise<AlertChannel> {
  return request<AlertChannel>('PATCH', `${CHANNELS}/${id}`, { body });
}

export function deleteAlertChannel(id: number): Promise<undefined> {
  return request<undefined>('DELETE', `${CHANNELS}/${id}`);
}

export function testAlertChannel(id: number): Promise<AlertDelivery> {
  return request<AlertDelivery>('POST', `${CHANNELS}/${id}/test`);
}

export function alertDeliveryQuery(id: number) {
  return queryOptions({
    queryKey: ['alert-delivery', id],
    queryFn: ({ signal }) => request<AlertDelivery>('GET', `/api/alert-deliveries/${id}`, { signal }),
  });
}
