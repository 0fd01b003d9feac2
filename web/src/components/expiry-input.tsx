// SPDX-License-Identifier: MIT
//
// When a key ends: never, or a moment in the reader's zone. The value is what
// the API takes: RFC 3339 in UTC, or null.

import { Button, Group, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fromLocalInput, inDays, toLocalInput } from '@/lib/local-time';

const PRESETS_DAYS = [30, 90, 365] as const;

interface Props {
  value: string | null;
  onChange: (value: string | null) => void;
  error?: ReactNode;
}

export function ExpiryInput({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  return (
    <Stack gap={6}>
      <TextInput
        type="datetime-local"
        label={t('expiry.label')}
        description={t('expiry.about')}
        value={value === null ? '' : toLocalInput(value)}
        onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
        error={error}
      />
      <Group gap={6}>
        <Button size="compact-xs" variant={value === null ? 'light' : 'default'} onClick={() => onChange(null)}>
          {t('expiry.never')}
        </Button>
        {PRESETS_DAYS.map((days) => (
          <Button key={days} size="compact-xs" variant="default" onClick={() => onChange(inDays(days))}>
            {t('expiry.days', { count: days })}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
