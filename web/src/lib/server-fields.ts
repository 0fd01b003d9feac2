// SPDX-License-Identifier: MIT
//
// Puts the daemon's objection to the field it is about.

import type { ReactNode } from 'react';
import { ApiError } from '@/api/error';

interface FieldForm {
  setFieldError: (field: string, message: string) => void;
}

/**
 * Marks the field the error names, if `fields` has it. `taken` is said for a
 * name that is in use. A path such as "credential.name" or "headers[0].name"
 * marks that very field.
 */
export function markField(
  form: FieldForm,
  error: Error,
  fields: readonly string[],
  taken: string,
): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.field === null) return false;
  const path = error.field.replace(/\[(\d+)\]/g, '.$1');
  if (!fields.includes(path.split('.')[0] ?? '')) return false;
  form.setFieldError(path, error.status === 409 ? taken : error.message);
  return true;
}

/** The error of a field that is a list: its own, or that of its first faulty item. */
export function listError(errors: Record<string, ReactNode>, field: string): ReactNode {
  const path = Object.keys(errors).find((name) => name === field || name.startsWith(`${field}.`));
  return path === undefined ? null : errors[path];
}
