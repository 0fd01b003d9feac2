// SPDX-License-Identifier: MIT
//
// Asks before a row is deleted, and says what follows.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { useRemoval } from '@/lib/row-actions';
import { ConfirmDialog } from './confirm-dialog';

interface Props {
  removal: Pick<ReturnType<typeof useRemoval>, 'asked' | 'pending' | 'error' | 'confirm' | 'cancel'>;
  title: string;
  children: ReactNode;
}

export function RemovalDialog({ removal, title, children }: Props) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      opened={removal.asked !== null}
      title={title}
      action={t('common.delete')}
      pending={removal.pending}
      error={removal.error}
      onConfirm={removal.confirm}
      onClose={removal.cancel}
    >
      {children}
    </ConfirmDialog>
  );
}
