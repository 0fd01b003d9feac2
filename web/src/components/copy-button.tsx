// SPDX-License-Identifier: MIT
//
// Copies a text and says so for a moment.

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '@/lib/clipboard';
import { Icon } from './icons';

interface Props {
  text: string;
  /** Names what is copied, for those who do not see where the button stands. */
  label: string;
  /** Draws a button with its label rather than an icon alone. */
  wide?: boolean;
}

export function CopyButton({ text, label, wide = false }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const { start } = useTimeout(() => setCopied(false), 1600);

  const copy = async () => {
    setCopied(await copyText(text));
    start();
  };
  const icon = <Icon name={copied ? 'check' : 'copy'} size={wide ? 14 : 15} />;

  if (wide) {
    return (
      <Button variant="default" leftSection={icon} onClick={copy}>
        {copied ? t('common.copied') : label}
      </Button>
    );
  }
  return (
    <Tooltip label={copied ? t('common.copied') : label}>
      <ActionIcon
        size="sm"
        aria-label={label}
        onClick={(event) => {
          event.stopPropagation();
          void copy();
        }}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
