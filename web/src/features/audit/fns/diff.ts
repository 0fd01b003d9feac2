// SPDX-License-Identifier: MIT
//
// What differs between an object before and after a change, field by field.

export interface Difference {
  path: string;
  /** As JSON; null: it was not there. */
  before: string | null;
  after: string | null;
}

type Json = Record<string, unknown>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flatten(value: Json, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    if (isJson(inner)) for (const [path, text] of flatten(inner, `${prefix}${name}.`)) flat.set(path, text);
    else flat.set(prefix + name, JSON.stringify(inner));
  }
  return flat;
}

// They follow from the change, or from the passing of time.
const SILENT = new Set(['updated_at', 'in_flight', 'vendor_quota']);

export function differences(before: Json | null, after: Json | null): Difference[] {
  const was = flatten(before ?? {});
  const is = flatten(after ?? {});
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path) && !SILENT.has(path.split('.')[0] ?? ''))
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }));
}
