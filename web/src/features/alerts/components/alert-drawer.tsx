// SPDX-License-Identifier: MIT
//
// One alert, whole: what was found, who looks after it, who was told.

import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { acknowledgeAlert, alertChannelsQuery, alertDeliveriesQuery, alertQuery } from '@/api/alerts';
import type { Alert, AlertChannel, AlertDelivery } from '@/api/types';
import { DetailDrawer } from '@/components/detail-drawer';
import { ErrorNote } from '@/components/error-note';
import { type Fact, Facts, Section } from '@/components/section';
import { type Column, Table } from '@/components/table/table';
import { Time } from '@/components/time';
import { formatAlertValue } from '../fns/value';
import { AlertState, AlertSubject } from './alert-label';
import { DeliveryState } from './delivery-state';

const REFRESH_MS = 2_000;

export function AlertDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation();
  const rights = useRights();
  const cache = useQueryClient();
  const alert = useQuery({ ...alertQuery(id), refetchInterval: REFRESH_MS });
  const acknowledgement = useMutation({
    mutationFn: () => acknowledgeAlert(id),
    onSettled: () => cache.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const row = alert.data;
  const error = acknowledgement.error ?? alert.error;
  return (
    <DetailDrawer
      title={row?.rule.name ?? t('alerts.title')}
      state={row && <AlertState alert={row} />}
      actions={
        row?.state === 'firing' && (
          <Button loading={acknowledgement.isPending} onClick={() => acknowledgement.mutate()}>{t('alerts.acknowledge')}</Button>
        )
      }
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      {row && <Found alert={row} />}
      {row && rights.sees && <Messages alert={row} />}
    </DetailDrawer>
  );
}

function when(label: string, value: string | null): Fact[] {
  return value === null ? [] : [{ label, value: <Time value={value} precise /> }];
}

function Found({ alert }: { alert: Alert }) {
  const { t, i18n } = useTranslation();
  const measured = (label: string, value: string | null): Fact[] =>
    value === null ? [] : [{ label, value: formatAlertValue(alert.unit, value, i18n.language) }];
  return (
    <Section title={t('alerts.found')}>
      <Facts
        facts={[
          { label: t('alerts.kind'), value: t(`alerts.kindName.${alert.kind}`) },
          { label: t('alerts.concerns'), value: <AlertSubject alert={alert} /> },
          { label: t('alerts.severity'), value: t(`alerts.severityName.${alert.severity}`) },
          ...measured(t('alerts.value'), alert.value),
          ...measured(t('alerts.threshold'), alert.threshold),
          ...(alert.reason === null ? [] : [{ label: t('alerts.reason'), value: alert.reason }]),
          ...when(t('alerts.startedAt'), alert.started_at),
          ...when(t('alerts.toldAt'), alert.told_at),
          ...(alert.times > 1 ? [{ label: t('alerts.times'), value: alert.times }] : []),
          ...when(t('alerts.resolvedAt'), alert.resolved_at),
          ...when(t('alerts.acknowledgedAt'), alert.acknowledged_at),
          ...(alert.acknowledged_by === null ? [] : [{ label: t('alerts.acknowledgedBy'), value: alert.acknowledged_by }]),
        ]}
      />
    </Section>
  );
}

function Messages({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const channels = useQuery(alertChannelsQuery);
  const deliveries = useQuery({ ...alertDeliveriesQuery(alert.id), refetchInterval: REFRESH_MS });
  const rows = deliveries.data?.items ?? [];
  const columns = useMessageColumns(channels.data ?? []);
  return (
    <Section title={t('alerts.messages')}>
      {rows.length === 0 ? t('alerts.toldNobody') : (
        <Table label={t('alerts.messages')} columns={columns} rows={rows} rowId={(row) => row.id} />
      )}
    </Section>
  );
}

function useMessageColumns(channels: AlertChannel[]): Column<AlertDelivery>[] {
  const { t } = useTranslation();
  return [
    { id: 'event', header: t('alerts.event'), heading: true, cell: (row) => t(`alerts.eventName.${row.event}`) },
    {
      id: 'channel',
      header: t('alerts.channel'),
      cell: (row) => channels.find((channel) => channel.id === row.channel_id)?.name ?? `#${row.channel_id}`,
    },
    { id: 'state', header: t('alerts.state'), cell: (row) => <DeliveryState delivery={row} /> },
    { id: 'time', header: t('alerts.writtenAt'), cell: (row) => <Time value={row.created_at} precise /> },
  ];
}
