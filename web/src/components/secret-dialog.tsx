// SPDX-License-Identifier: MIT
//
// The one moment in which a secret that we made is seen. It closes by its
// button alone, so that a stray key does not lose it.

import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReturnFocus } from '@/lib/return-focus';
import { CopyButton } from './copy-button';
import { Notice } from './notice';
import classes from './secret-dialog.module.css';

interface Props {
  title: string;
  secret: string;
  testId: string;
  onClose: () => void;
  children?: ReactNode;
}

export function SecretDialog({ title, secret, testId, onClose, children }: Props) {
  const { t } = useTranslation();
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <Notice tone="warn">{t('secret.once')}</Notice>
        <div className={classes.key}>
          <code data-testid={testId}>{secret}</code>
          <CopyButton wide text={secret} label={t('secret.copy')} />
        </div>
        {children}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('secret.done')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
