// SPDX-License-Identifier: MIT
//
// A provider as the API has it: to be copied to another gateway, or written
// where the form has no field.

import { JsonInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  text: string;
  isWrong: boolean;
  onChange: (text: string) => void;
}

export function ProviderJson({ text, isWrong, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <JsonInput
      label={t('providers.json.label')}
      description={t('providers.json.about')}
      autosize
      minRows={16}
      maxRows={28}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      value={text}
      onChange={onChange}
      error={isWrong ? t('providers.json.wrong') : null}
    />
  );
}
