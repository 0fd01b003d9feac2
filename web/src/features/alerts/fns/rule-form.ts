// SPDX-License-Identifier: MIT
//
// A rule as its form has it, and as the API wants it.

import type { AlertKind, AlertRule, AlertRuleCreate, AlertRulePatch } from '@/api/types';
import { changedFields } from '@/lib/changes';
import type { Severity } from './search';

export interface RuleFields {
  name: string;
  kind: AlertKind['kind'] | null;
  severity: Severity;
  threshold: string;
  window_s: number | '';
  cooldown_s: number | '';
  channel_ids: string[];
}

export function ruleFields(rule: AlertRule | null): RuleFields {
  return {
    name: rule?.name ?? '',
    kind: rule?.kind ?? null,
    severity: rule?.severity ?? 'warning',
    threshold: rule?.threshold ?? '',
    window_s: rule?.window_s ?? '',
    cooldown_s: rule?.cooldown_s ?? 3600,
    channel_ids: rule?.channel_ids.map(String) ?? [],
  };
}

/** What a kind has of its own, as it is usual. */
export function usualOf(kind: AlertKind | undefined): Pick<RuleFields, 'threshold' | 'window_s'> {
  return { threshold: kind?.threshold?.default ?? '', window_s: kind?.window_s?.default ?? '' };
}

export function ruleBody({ kind, ...fields }: RuleFields): AlertRuleCreate {
  if (kind === null) throw new Error('a rule without a kind');
  return {
    name: fields.name.trim(),
    kind,
    severity: fields.severity,
    cooldown_s: Number(fields.cooldown_s),
    channel_ids: fields.channel_ids.map(Number),
    ...(fields.threshold !== '' && { threshold: fields.threshold }),
    ...(fields.window_s !== '' && { window_s: fields.window_s }),
  };
}

export function rulePatch(before: RuleFields, after: RuleFields): AlertRulePatch {
  return changedFields(ruleBody(before), ruleBody(after));
}
