// SPDX-License-Identifier: MIT
//
// Example requests for a client key that exists: with a place for the key,
// which nobody can show any more.

import { Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientKey } from '@/api/types';
import { useReturnFocus } from '@/lib/return-focus';
import { type PoolGroup, poolGroups } from '../fns/pool';
import { Examples } from './examples';

interface Props {
  clientKey: ClientKey;
  groups: PoolGroup[];
  onClose: () => void;
}

export function ExamplesDialog({ clientKey, groups, onClose }: Props) {
  const { t } = useTranslation();
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('examples.title', { name: clientKey.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="sm" c="dimmed" mb="sm">{t('examples.keyAbout', { prefix: clientKey.prefix })}</Text>
      <Examples secret={`${clientKey.prefix}…`} groups={poolGroups(groups, clientKey.provider_key_ids)} />
    </Modal>
  );
}
