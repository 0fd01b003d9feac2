// SPDX-License-Identifier: MIT
//
// One provider key: how it fares and why, what it did, what holds for it.

import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { providerKeysQuery, updateProviderKey } from '@/api/provider-keys';
import type { ProviderKey } from '@/api/types';
import { Activity } from '@/components/activity/activity';
import { DetailDrawer } from '@/components/detail-drawer';
import { ErrorNote } from '@/components/error-note';
import { Expiry } from '@/components/expiry';
import { HealthLabel } from '@/components/health-label';
import { ButtonLink } from '@/components/links';
import { Facts, Section } from '@/components/section';
import { StateLabel } from '@/components/state-label';
import { Time } from '@/components/time';
import { formatCount } from '@/lib/format';
import { LIMITS } from '../fns/form';
import { KeyHealth } from './key-health';

interface Props {
  providerKey: ProviderKey;
  providerName: string;
  readAt: number;
  onEdit: () => void;
  onClose: () => void;
}

export function ProviderKeyDrawer({ providerKey, providerName, readAt, onEdit, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const mayChange = useRights().mayChange(providerKey.owner_user_id);
  const count = (value: number | null) =>
    value === null ? t('clientKeys.noLimit') : formatCount(value, i18n.language);
  return (
    <DetailDrawer
      title={providerKey.name}
      state={<HealthLabel health={providerKey.health} readAt={readAt} />}
      actions={
        <>
          <Button disabled={!mayChange} onClick={onEdit}>{t('common.edit')}</Button>
          <ButtonLink variant="default" to="/logs" search={{ provider_key_id: providerKey.id }}>
            {t('common.showLogs')}
          </ButtonLink>
        </>
      }
      onClose={onClose}
    >
      <Credential providerKey={providerKey} />
      <KeyHealth providerKey={providerKey} />
      <Activity of={{ kind: 'provider-key', id: providerKey.id }} />
      <Section title={t('providerKeys.what')}>
        <Facts
          facts={[
            { label: t('providerKeys.provider'), value: providerName },
            {
              label: t('providerKeys.secret'),
              value: <Text span size="xs" ff="monospace">{providerKey.secret_hint ?? '…'}</Text>,
            },
            { label: t('providerKeys.inFlight'), value: formatCount(providerKey.in_flight, i18n.language) },
            { label: t('providerKeys.weight'), value: formatCount(providerKey.weight, i18n.language) },
            {
              label: t('providerKeys.priority'),
              value: providerKey.priority === null
                ? t('providerKeys.form.last')
                : formatCount(providerKey.priority, i18n.language),
            },
            ...LIMITS.map((name) => ({ label: t(`providerKeys.limit.${name}`), value: count(providerKey[name]) })),
            { label: t('expiry.column'), value: <Expiry value={providerKey.expires_at} /> },
            { label: t('common.createdAt'), value: <Time value={providerKey.created_at} /> },
          ]}
        />
      </Section>
    </DetailDrawer>
  );
}

/** Only while the credential is not good: why, and the way back. */
function Credential({ providerKey }: { providerKey: ProviderKey }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const restore = useMutation({
    mutationFn: () => updateProviderKey(providerKey.id, { credential_state: 'good' }),
    onSuccess: () => cache.invalidateQueries({ queryKey: providerKeysQuery.queryKey }),
  });
  if (providerKey.credential_state === 'good') return null;
  return (
    <Section
      title={t('providerKeys.credential.title')}
      end={
        <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          {t('providerKeys.credential.restore')}
        </Button>
      }
    >
      <StateLabel tone="bad" detail={providerKey.credential_reason}>
        {t(`providerKeys.credential.state.${providerKey.credential_state}`)}
      </StateLabel>
      <Text size="sm" c="dimmed" mt={6}>{t('providerKeys.credential.about')}</Text>
      {restore.error !== null && <ErrorNote error={restore.error} />}
    </Section>
  );
}
