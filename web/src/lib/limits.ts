// SPDX-License-Identifier: MIT
//
// The limits that client keys, users and provider keys have alike, between
// their forms and the API. An empty field is no limit.

export const COUNTS = [
  'requests_per_second', 'requests_per_minute', 'requests_per_day', 'tokens_per_minute', 'tokens_per_day',
  'max_in_flight',
] as const;
export const BUDGETS = ['cost_per_day', 'cost_per_month'] as const;
/** Those of a day or a month, which can be raised until it ends. */
export const CALENDAR = ['requests_per_day', 'tokens_per_day', ...BUDGETS] as const;

export type CountName = (typeof COUNTS)[number];
export type BudgetName = (typeof BUDGETS)[number];
export type LimitName = CountName | BudgetName;

/** Which fields of a form are limits. */
export const LIMIT_FIELDS = /_per_|^(max_in_flight|time_zone)$/;

export type Limits = Record<CountName, number | null> &
  Record<BudgetName, string | null> & { time_zone: string | null };

export type LimitValues = Record<CountName, number | ''> & Record<BudgetName, string> & {
  /** Of the days and months; empty: UTC. */
  time_zone: string;
};

function each<Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}

export function limitValues(limits: Partial<Limits>): LimitValues {
  return {
    ...each(COUNTS, (name) => limits[name] ?? ('' as const)),
    ...each(BUDGETS, (name) => limits[name] ?? ''),
    time_zone: limits.time_zone ?? '',
  };
}

export function limitsBody(values: LimitValues): Limits {
  return {
    ...each(COUNTS, (name) => (values[name] === '' ? null : values[name])),
    ...each(BUDGETS, (name) => values[name].trim() || null),
    time_zone: values.time_zone || null,
  };
}

/** How many of the limits are set. */
export function countLimits(limits: Limits): number {
  return [...COUNTS, ...BUDGETS].filter((name) => limits[name] !== null).length;
}

/** US dollars as the API takes them: a decimal without sign and exponent. */
export function isBudget(text: string): boolean {
  return text.trim() === '' || /^\d+(\.\d{1,12})?$/.test(text.trim());
}

/** By how much a limit may be raised: a count, or US dollars. */
export function isRaise(name: string, text: string): boolean {
  const form = name.startsWith('cost_') ? /^\d+(\.\d{1,12})?$/ : /^\d{1,15}$/;
  return form.test(text.trim()) && Number(text) > 0;
}

/** A report names a limit as the data plane does, a form as the API's fields. */
export function readLimitName(name: string): LimitName {
  return [...COUNTS, ...BUDGETS].find((one) => one === name) ?? 'max_in_flight';
}

interface Used {
  used_percent: number;
}

/** The limit that is used most; undefined where there is none. */
export function fullest<Use extends Used>(uses: readonly Use[]): Use | undefined {
  return uses.toSorted((a, b) => b.used_percent - a.used_percent)[0];
}

/** From here on a limit deserves a look. */
export const NEARLY = 80;

export function fillOf(percent: number): 'ok' | 'near' | 'full' {
  if (percent >= 100) return 'full';
  return percent >= NEARLY ? 'near' : 'ok';
}
