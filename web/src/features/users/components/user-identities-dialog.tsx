// SPDX-License-Identifier: MIT
//
// Where else a user has an account that signs them in.

import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { Identities } from '@/components/identities';
import { useReturnFocus } from '@/lib/return-focus';

export function UserIdentitiesDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.identitiesOf', { name: user.username })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Identities of={user.id} name={user.username} />
    </Modal>
  );
}
