// SPDX-License-Identifier: MIT
//
// One's tokens of the management API, for scripts. A token is shown once.

import { Button, Menu, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiTokensQuery, deleteApiToken } from '@/api/api-tokens';
import type { ApiToken, ApiTokenCreated } from '@/api/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { ErrorNote } from '@/components/error-note';
import { Expiry } from '@/components/expiry';
import { RowMenu } from '@/components/row-menu';
import { SecretDialog } from '@/components/secret-dialog';
import { Section } from '@/components/section';
import { Tag } from '@/components/tag';
import { Time } from '@/components/time';
import { useRemoval } from '@/lib/row-actions';
import classes from './api-tokens.module.css';
import { TokenDialog } from './token-dialog';

export function ApiTokens() {
  const { t } = useTranslation();
  const tokens = useQuery(apiTokensQuery);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<ApiTokenCreated | null>(null);
  const removal = useRemoval<ApiToken>({
    remove: deleteApiToken,
    changes: [apiTokensQuery.queryKey],
    done: (name) => t('apiTokens.revoked', { name }),
  });
  const rows = tokens.data ?? [];
  return (
    <Section
      title={t('apiTokens.title')}
      end={<Button variant="default" onClick={() => setMaking(true)}>{t('apiTokens.add')}</Button>}
    >
      {tokens.error !== null && <ErrorNote error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {tokens.isSuccess && rows.length === 0 && <Text size="sm" c="dimmed">{t('apiTokens.none')}</Text>}
      <ul className={classes.list}>
        {rows.map((row) => (
          <li key={row.id} className={classes.token}>
            <div className={classes.what}>
              <Text size="sm" fw={500}>{row.name}</Text>
              <Text size="xs" c="dimmed" component="div">
                <span className={classes.prefix}>{row.prefix}…</span>{' · '}
                {t('expiry.column')} <Expiry value={row.expires_at} />{' · '}
                {row.last_used_at === null ? t('apiTokens.unused') : <>{t('apiTokens.used')} <Time value={row.last_used_at} /></>}
              </Text>
              {row.scopes.map((scope) => <Tag key={scope}>{scope}</Tag>)}
            </div>
            <RowMenu label={t('common.actionsFor', { name: row.name })}>
              <Menu.Item color="red" onClick={() => removal.ask(row)}>{t('apiTokens.revoke')}</Menu.Item>
            </RowMenu>
          </li>
        ))}
      </ul>
      {isMaking && (
        <TokenDialog
          onCreated={(token) => {
            setMaking(false);
            setMade(token);
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {made !== null && (
        <SecretDialog
          title={t('apiTokens.shown', { name: made.name })}
          secret={made.token}
          testId="api-token"
          onClose={() => setMade(null)}
        />
      )}
      <ConfirmDialog
        opened={removal.asked !== null}
        title={t('apiTokens.revokeTitle', { name: removal.asked?.name })}
        action={t('apiTokens.revoke')}
        pending={removal.pending}
        error={removal.error}
        onConfirm={removal.confirm}
        onClose={removal.cancel}
      >
        <Text size="sm">{t('apiTokens.revokeText')}</Text>
      </ConfirmDialog>
    </Section>
  );
}
