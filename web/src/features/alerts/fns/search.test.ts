// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { ruleBody, ruleFields, rulePatch } from './rule-form';
import { channelFields, channelPatch } from './channel-form';
import { filterOf, readAlertSearch } from './search';
import { formatAlertValue } from './value';

test('what is usual does not stand in the address', () => {
  expect(readAlertSearch({ tab: 'alerts', state: 'open', severity: 'x', rule: '0' })).toEqual({});
  expect(readAlertSearch({ tab: 'rules', state: 'all', rule: '3' })).toEqual({ tab: 'rules', state: 'all', rule: 3 });
});

test('without a word of it those that are not resolved are asked for', () => {
  expect(filterOf({})).toEqual({ open: true });
  expect(filterOf({ state: 'all', severity: 'critical' })).toEqual({ severity: 'critical' });
  expect(filterOf({ state: 'resolved', rule: 3 })).toEqual({ state: 'resolved', rule_id: 3 });
});

test('values are told in their unit', () => {
  expect(formatAlertValue('percent', '95', 'en')).toBe('95 %');
  expect(formatAlertValue('usd', '0.000000000001', 'en')).toContain('0.000000000001');
  expect(formatAlertValue('mebibytes', '2048', 'en')).toBe('2,048 MiB');
  expect(formatAlertValue('none', null, 'en')).toBe('–');
});

test('of a rule and a channel only what changed is sent', () => {
  const rule = { ...ruleFields(null), name: 'r', kind: 'pool_low' as const, threshold: '0' };
  expect(rulePatch(rule, { ...rule, channel_ids: ['3'] })).toEqual({ channel_ids: [3] });
  expect(ruleBody({ ...rule, threshold: '' })).not.toHaveProperty('threshold');
  const channel = { ...channelFields(null), name: 'c' };
  expect(channelPatch(channel, { ...channel, secret: 's' })).toEqual({ secret: 's' });
  expect(channelPatch(channel, { ...channel, url: 'https://x' })).toEqual({ url: 'https://x' });
});
