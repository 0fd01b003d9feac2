// SPDX-License-Identifier: MIT
//
// On or off, in a row.

import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  name: string;
  isEnabled: boolean;
  onSwitch: () => void;
  disabled?: boolean;
}

export function EnabledSwitch({ name, isEnabled, onSwitch, disabled = false }: Props) {
  const { t } = useTranslation();
  return (
    <Switch
      checked={isEnabled}
      disabled={disabled}
      onChange={onSwitch}
      aria-label={t(isEnabled ? 'common.disableName' : 'common.enableName', { name })}
      display="inline-block"
      style={{ verticalAlign: 'middle' }}
    />
  );
}
