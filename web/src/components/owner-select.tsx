// SPDX-License-Identifier: MIT
//
// Whose a key is. Only those who may see the users can choose.

import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useRights } from '@/app/shell/use-rights';
import { usersQuery } from '@/api/users';

interface Props {
  label: string;
  description: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  error: ReactNode;
}

export function OwnerSelect({ value, onChange, ...texts }: Props) {
  const { administers } = useRights();
  const users = useQuery({ ...usersQuery, enabled: administers });
  if (!administers) return null;
  return (
    <Select
      {...texts}
      clearable
      searchable
      data={(users.data ?? []).map((row) => ({ value: String(row.id), label: row.username }))}
      value={value === '' ? null : value}
      onChange={(id) => onChange(id ?? '')}
    />
  );
}
