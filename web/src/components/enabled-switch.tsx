// SPDX-License-Identifier: MIT
//
// On or off, in a row.

import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  name: string;
  isEnabled: boolean;
  onSwitch: () => void;
}

export function EnabledSwitch({ name, isEnabled, onSwitch }: Props) {
  const { t } = useTranslation();
  return (
    <Switch
      checked={isEnabled}
      onChange={onSwitch}
      aria-label={t(isEnabled ? 'common.disableName' : 'common.enableName', { name })}
      display="inline-block"
      style={{ verticalAlign: 'middle' }}
    />
  );
}
