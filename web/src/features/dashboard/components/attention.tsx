// SPDX-License-Identifier: MIT
//
// What deserves a look now: the node's warnings, provider keys that cannot
// serve, client keys near a limit. Nothing at all while all is well.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { usedLimitsQuery } from '@/api/limits';
import { providerKeysQuery } from '@/api/provider-keys';
import { statusQuery } from '@/api/system';
import type { LimitReport, ProviderKey } from '@/api/types';
import { HealthLabel } from '@/components/health-label';
import { TextLink } from '@/components/links';
import { StateLabel } from '@/components/state-label';
import { fullest, NEARLY, readLimitName } from '@/lib/limits';
import { systemWarnings } from '@/lib/system-warnings';
import classes from './attention.module.css';

const REFRESH_MS = 5_000;
const SHOWN = 5;

function isTroubled(key: ProviderKey): boolean {
  return key.is_enabled && (key.health.state === 'resting' || key.health.state === 'expired' || key.credential_state !== 'good');
}

export function Attention() {
  const { t } = useTranslation();
  const keys = useQuery({ ...providerKeysQuery, refetchInterval: REFRESH_MS });
  const { sees } = useRights();
  const status = useQuery({ ...statusQuery, refetchInterval: REFRESH_MS, enabled: sees });
  const limits = useQuery({ ...usedLimitsQuery(NEARLY), refetchInterval: REFRESH_MS, enabled: sees });
  const used = limits.data ?? [];
  const troubled = (keys.data ?? []).filter(isTroubled);
  const warnings = status.data === undefined ? [] : systemWarnings(status.data);
  if (troubled.length + warnings.length + used.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t('dashboard.attention')}>
      {warnings.map((warning) => (
        <li key={warning}>
          <StateLabel tone="warn">{t(`system.warning.${warning}`)}</StateLabel>{' '}
          <TextLink to="/system" size="sm">{t('nav.page.system')}</TextLink>
        </li>
      ))}
      {troubled.slice(0, SHOWN).map((key) => (
        <li key={key.id}>
          <TextLink to="/provider-keys" search={{ open: key.id }} size="sm">{key.name}</TextLink>{' '}
          {key.credential_state === 'good' ? (
            <HealthLabel health={key.health} readAt={keys.dataUpdatedAt} />
          ) : (
            <StateLabel tone="bad" detail={key.credential_reason}>
              {t(`providerKeys.credential.state.${key.credential_state}`)}
            </StateLabel>
          )}
        </li>
      ))}
      {troubled.length > SHOWN && (
        <li>
          <TextLink to="/provider-keys" size="sm">{t('dashboard.more', { count: troubled.length - SHOWN })}</TextLink>
        </li>
      )}
      {used.slice(0, SHOWN).map((report) => <NearLimit key={report.client_key.id} report={report} />)}
      {used.length > SHOWN && (
        <li>
          <TextLink to="/client-keys" size="sm">{t('dashboard.more', { count: used.length - SHOWN })}</TextLink>
        </li>
      )}
    </ul>
  );
}

function NearLimit({ report }: { report: LimitReport }) {
  const { t } = useTranslation();
  const use = fullest([...report.limits, ...report.user_limits]);
  if (use === undefined) return null;
  const limit = t(`limits.name.${readLimitName(use.limit_name)}`);
  return (
    <li>
      <TextLink to="/client-keys" search={{ open: report.client_key.id }} size="sm">{report.client_key.name}</TextLink>{' '}
      <StateLabel tone={use.used_percent >= 100 ? 'bad' : 'warn'}>
        {t('limits.nearly', { percent: use.used_percent, limit })}
      </StateLabel>
    </li>
  );
}
