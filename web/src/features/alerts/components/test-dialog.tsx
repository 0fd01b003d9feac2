// SPDX-License-Identifier: MIT
//
// Sends a test message through a channel, and shows what came of it.

import { Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { alertDeliveryQuery, testAlertChannel } from '@/api/alerts';
import type { AlertChannel } from '@/api/types';
import { ErrorNote } from '@/components/error-note';
import { useReturnFocus } from '@/lib/return-focus';
import { DeliveryState } from './delivery-state';

const POLL_MS = 500;

export function TestDialog({ channel, onClose }: { channel: AlertChannel; onClose: () => void }) {
  const { t } = useTranslation();
  useReturnFocus();
  const begun = useMutation({ mutationFn: () => testAlertChannel(channel.id) });
  const id = begun.data?.id;
  const delivery = useQuery({
    ...alertDeliveryQuery(id ?? 0),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? POLL_MS : false),
  });
  const error = begun.error ?? delivery.error;
  const waits = begun.isPending || (id !== undefined && (delivery.data ?? begun.data)?.state === 'waiting');
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('alerts.testOf', { name: channel.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('alerts.testAbout', { target: channel.target })}</Text>
        <div aria-live="polite">
          {waits && <Loader size="xs" aria-label={t('alerts.deliveryState.waiting')} />}
          {!waits && delivery.data && <DeliveryState delivery={delivery.data} />}
        </div>
        {error !== null && <ErrorNote error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t('common.close')}</Button>
          <Button loading={waits} onClick={() => begun.mutate()}>{t('alerts.sendTest')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
