// SPDX-License-Identifier: MIT
//
// One client key: what it may do, and what it did.

import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { ClientKey } from '@/api/types';
import { Activity } from '@/components/activity/activity';
import { DetailDrawer } from '@/components/detail-drawer';
import { Expiry } from '@/components/expiry';
import { ButtonLink } from '@/components/links';
import { type Fact, Facts, Section } from '@/components/section';
import { StateLabel } from '@/components/state-label';
import { Tag } from '@/components/tag';
import { Time } from '@/components/time';
import { formatLongSpan } from '@/lib/format';
import { type PoolGroup, poolGroups } from '../fns/pool';
import { LimitSection } from './limit-section';

interface Props {
  clientKey: ClientKey;
  groups: PoolGroup[];
  onEdit: () => void;
  onRotate: () => void;
  onShowExamples: () => void;
  onClose: () => void;
}

export function ClientKeyDrawer({ clientKey, groups, onEdit, onRotate, onShowExamples, onClose }: Props) {
  const { t } = useTranslation();
  const mayChange = useRights().mayChange(clientKey.user_id);
  return (
    <DetailDrawer
      title={clientKey.name}
      state={
        <StateLabel tone={clientKey.is_enabled ? 'ok' : 'idle'}>
          {t(clientKey.is_enabled ? 'common.enabled' : 'common.disabled')}
        </StateLabel>
      }
      actions={
        <>
          <Button disabled={!mayChange} onClick={onEdit}>{t('common.edit')}</Button>
          <Button variant="default" disabled={!mayChange} onClick={onRotate}>{t('rotation.action')}</Button>
          <Button variant="default" onClick={onShowExamples}>{t('clientKeys.showExamples')}</Button>
          <ButtonLink variant="default" to="/logs" search={{ client_key_id: clientKey.id }}>
            {t('common.showLogs')}
          </ButtonLink>
        </>
      }
      onClose={onClose}
    >
      <LimitSection clientKey={clientKey} />
      <Activity of={{ kind: 'client-key', id: clientKey.id }} />
      <Section title={t('clientKeys.what')}>
        <Facts facts={useFacts(clientKey, groups)} />
      </Section>
    </DetailDrawer>
  );
}

function tags(texts: string[]) {
  return texts.map((text) => <Tag key={text}>{text}</Tag>);
}

function useFacts(key: ClientKey, groups: PoolGroup[]): Fact[] {
  const { t, i18n } = useTranslation();
  const pool = poolGroups(groups, key.provider_key_ids);
  const facts: (Fact | null)[] = [
    { label: t('clientKeys.prefix'), value: <Text span size="xs" ff="monospace">{key.prefix}…</Text> },
    {
      label: t('clientKeys.pool'),
      value: pool.length === 0
        ? <StateLabel tone="warn">{t('clientKeys.poolEmpty')}</StateLabel>
        : pool.map(({ provider, keys }) => (
            <div key={provider.id}>
              {provider.name}: {keys.map((row) => row.name).join(', ')}
            </div>
          )),
    },
    { label: t('clientKeys.strategy'), value: t(`strategy.${key.strategy}`) },
    key.allowed_addresses && { label: t('clientKeys.restriction.addresses'), value: tags(key.allowed_addresses) },
    key.allowed_models && { label: t('clientKeys.restriction.models'), value: tags(key.allowed_models) },
    key.allowed_provider_ids && {
      label: t('clientKeys.restriction.providers'),
      value: tags(key.allowed_provider_ids.map((id) =>
        groups.find((group) => group.provider.id === id)?.provider.name ?? `#${id}`)),
    },
    key.park_ms === null
      ? null
      : { label: t('clientKeys.number.park_ms'), value: formatLongSpan(key.park_ms, i18n.language) },
    key.payload_log && {
      label: t('clientKeys.payload.parts'),
      value: <StateLabel tone="warn">{t(`clientKeys.payload.part.${key.payload_log.parts ?? 'both'}`)}</StateLabel>,
    },
    { label: t('expiry.column'), value: <Expiry value={key.expires_at} /> },
    key.previous_until === null
      ? null
      : { label: t('rotation.previousUntil'), value: <Expiry value={key.previous_until} /> },
    { label: t('common.createdAt'), value: <Time value={key.created_at} /> },
  ];
  return facts.filter((fact) => fact !== null);
}
