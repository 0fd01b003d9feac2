// SPDX-License-Identifier: MIT
//
// One provider key: how it fares and why, what it did, what holds for it.

import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { ProviderKey } from '@/api/types';
import { Activity } from '@/components/activity/activity';
import { DetailDrawer } from '@/components/detail-drawer';
import { Expiry } from '@/components/expiry';
import { HealthLabel } from '@/components/health-label';
import { ButtonLink } from '@/components/links';
import { type Fact, Facts, Section } from '@/components/section';
import { Time } from '@/components/time';
import { exactUsd, formatCount } from '@/lib/format';
import { BUDGETS, COUNTS, countLimits } from '@/lib/limits';
import type { Grant } from '../fns/sign-in';
import { KeyHealth } from './key-health';
import { ProviderKeyCredential } from './provider-key-credential';
import { VendorQuota } from './vendor-quota';

interface Props {
  providerKey: ProviderKey;
  providerName: string;
  /** How its provider's OAuth keys get their tokens; undefined: it has none. */
  grant: Grant | undefined;
  readAt: number;
  onEdit: () => void;
  onClose: () => void;
}

export function ProviderKeyDrawer({ providerKey, providerName, grant, readAt, onEdit, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const mayChange = useRights().mayChange(providerKey.owner_user_id);
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
      <ProviderKeyCredential providerKey={providerKey} grant={grant} mayChange={mayChange} />
      <KeyHealth providerKey={providerKey} />
      <VendorQuota quota={providerKey.vendor_quota} />
      <Activity of={{ kind: 'provider-key', id: providerKey.id }} />
      <Section title={t('providerKeys.what')}>
        <Facts
          facts={[
            { label: t('providerKeys.provider'), value: providerName },
            {
              label: t('providerKeys.secret'),
              value: (
                <Text span size="xs" ff="monospace">
                  {providerKey.secret_reference ?? providerKey.secret_hint ?? '…'}
                </Text>
              ),
            },
            ...(providerKey.secret_error === null
              ? []
              : [{ label: t('providerKeys.secretError'), value: providerKey.secret_error }]),
            { label: t('providerKeys.inFlight'), value: formatCount(providerKey.in_flight, i18n.language) },
            { label: t('providerKeys.weight'), value: formatCount(providerKey.weight, i18n.language) },
            {
              label: t('providerKeys.priority'),
              value: providerKey.priority === null
                ? t('providerKeys.form.last')
                : formatCount(providerKey.priority, i18n.language),
            },
            ...useLimitFacts(providerKey),
            { label: t('expiry.column'), value: <Expiry value={providerKey.expires_at} /> },
            { label: t('common.createdAt'), value: <Time value={providerKey.created_at} /> },
          ]}
        />
      </Section>
    </DetailDrawer>
  );
}

/** The limits that are set, or that there is none. */
function useLimitFacts(key: ProviderKey): Fact[] {
  const { t, i18n } = useTranslation();
  if (countLimits(key) === 0) return [{ label: t('providerKeys.part.limits'), value: t('limits.none') }];
  return [
    ...COUNTS.filter((name) => key[name] !== null)
      .map((name) => ({ label: t(`limits.name.${name}`), value: formatCount(key[name], i18n.language) })),
    ...BUDGETS.filter((name) => key[name] !== null)
      .map((name) => ({ label: t(`limits.name.${name}`), value: exactUsd(key[name]) })),
  ];
}
