// SPDX-License-Identifier: MIT
//
// A client key when it is made: the key, and a first request with it.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientKeyCreated } from '@/api/types';
import { SecretDialog } from '@/components/secret-dialog';
import { type PoolGroup, poolGroups } from '../fns/pool';
import { Examples } from './examples';

interface Props {
  created: ClientKeyCreated;
  groups: PoolGroup[];
  onClose: () => void;
}

export function CreatedDialog({ created, groups, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <SecretDialog
      title={t('clientKeys.shown.title', { name: created.name })}
      secret={created.key}
      testId="client-key"
      onClose={onClose}
    >
      <div>
        <Text fw={600} size="sm" mb={6}>{t('clientKeys.shown.first')}</Text>
        <Examples secret={created.key} groups={poolGroups(groups, created.provider_key_ids)} />
      </div>
    </SecretDialog>
  );
}
