// SPDX-License-Identifier: MIT
//
// Asks before something that cannot be taken back, and says what follows.

import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from './error-note';

interface Props {
  opened: boolean;
  title: string;
  children: ReactNode;
  action: string;
  pending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog(props: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      centered
      size="md"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text component="div" size="sm" mb="md">{props.children}</Text>
      {props.error !== null && <ErrorNote error={props.error} />}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={props.onClose} data-autofocus>{t('common.cancel')}</Button>
        <Button color="red" loading={props.pending} onClick={props.onConfirm}>{props.action}</Button>
      </Group>
    </Modal>
  );
}
