// SPDX-License-Identifier: MIT
//
// A dialog that holds a form: fields that scroll, an error, two buttons.

import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReturnFocus } from '@/lib/return-focus';
import { ErrorNote } from './error-note';
import classes from './form-dialog.module.css';

interface Props {
  title: string;
  action: string;
  pending: boolean;
  error: Error | null;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog(props: Props) {
  const { t } = useTranslation();
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={props.onSubmit} noValidate>
        <Stack gap="md">
          {props.children}
          {props.error !== null && <ErrorNote error={props.error} />}
          <Group justify="flex-end" gap="xs" className={classes.foot}>
            <Button variant="default" onClick={props.onClose}>{t('common.cancel')}</Button>
            <Button type="submit" loading={props.pending}>{props.action}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
