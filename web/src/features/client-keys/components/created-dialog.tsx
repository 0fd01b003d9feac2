// SPDX-License-Identifier: MIT
//
// The one moment in which a client key is seen: the key, and a first request
// with it.

import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientKeyCreated } from '@/api/types';
import { CopyButton } from '@/components/copy-button';
import { Icon } from '@/components/icons';
import { useReturnFocus } from '@/lib/return-focus';
import { type PoolGroup, poolGroups } from '../fns/pool';
import classes from './created-dialog.module.css';
import { Examples } from './examples';

interface Props {
  created: ClientKeyCreated;
  groups: PoolGroup[];
  onClose: () => void;
}

export function CreatedDialog({ created, groups, onClose }: Props) {
  const { t } = useTranslation();
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('clientKeys.shown.title', { name: created.name })}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <Alert color="yellow" icon={<Icon name="warning" />}>{t('clientKeys.shown.once')}</Alert>
        <div className={classes.key}>
          <code data-testid="client-key">{created.key}</code>
          <CopyButton wide text={created.key} label={t('clientKeys.shown.copy')} />
        </div>
        <div>
          <Text fw={600} size="sm" mb={6}>{t('clientKeys.shown.first')}</Text>
          <Examples secret={created.key} groups={poolGroups(groups, created.provider_key_ids)} />
        </div>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('clientKeys.shown.done')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
