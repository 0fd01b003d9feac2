// SPDX-License-Identifier: MIT
//
// Asks for how long the key or secret that was goes on to work beside the new
// one.

import { Select, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from './form-dialog';

const HOUR = 3_600_000;
const GRACES = { none: 0, hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const;
type Grace = keyof typeof GRACES;

interface Props {
  name: string;
  pending: boolean;
  error: Error | null;
  onRotate: (graceMs: number) => void;
  onClose: () => void;
}

export function RotationDialog({ name, pending, error, onRotate, onClose }: Props) {
  const { t } = useTranslation();
  const [grace, setGrace] = useState<Grace>('day');
  return (
    <FormDialog
      title={t('rotation.title', { name })}
      action={t('rotation.action')}
      pending={pending}
      error={error}
      onSubmit={(event) => {
        event.preventDefault();
        onRotate(GRACES[grace]);
      }}
      onClose={onClose}
    >
      <Text size="sm">{t('rotation.about')}</Text>
      <Select
        label={t('rotation.grace')}
        description={t(grace === 'none' ? 'rotation.noGraceAbout' : 'rotation.graceAbout')}
        allowDeselect={false}
        value={grace}
        onChange={(value) => value !== null && setGrace(value)}
        data={(Object.keys(GRACES) as Grace[]).map((value) => ({ value, label: t(`rotation.span.${value}`) }))}
      />
    </FormDialog>
  );
}
