// SPDX-License-Identifier: MIT
//
// One change: by whom, from where, and what differs.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/api/types';
import { DetailDrawer } from '@/components/detail-drawer';
import { Facts, Section } from '@/components/section';
import { formatFullTime } from '@/lib/format';
import { differences } from '../fns/diff';
import classes from './entry-drawer.module.css';
import { StatusLabel } from './status-label';

export function EntryDrawer({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const changes = differences(entry.before, entry.after);
  return (
    <DetailDrawer
      title={`${entry.action} · ${entry.object_type}${entry.object_id === null ? '' : ` ${entry.object_id}`}`}
      state={<StatusLabel status={entry.status} />}
      onClose={onClose}
    >
      <Section title={t('audit.what')}>
        <Facts
          facts={[
            { label: t('audit.time'), value: formatFullTime(entry.occurred_at, i18n.language) },
            { label: t('audit.user'), value: entry.username },
            { label: t('audit.address'), value: entry.address ?? '–' },
            ...(entry.api_token_id === null ? [] : [{ label: t('audit.token'), value: `#${entry.api_token_id}` }]),
            { label: t('logs.detail.requestId'), value: <Text span size="xs" ff="monospace">{entry.request_id}</Text> },
          ]}
        />
      </Section>
      <Section title={t('audit.changes')}>
        {changes.length === 0 ? (
          <Text size="sm" c="dimmed">{t('audit.noChanges')}</Text>
        ) : (
          <table className={classes.changes}>
            <thead>
              <tr>
                <th scope="col">{t('audit.field')}</th>
                <th scope="col">{t('audit.before')}</th>
                <th scope="col">{t('audit.after')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <tr key={change.path}>
                  <th scope="row">{change.path}</th>
                  <td>{change.before ?? '–'}</td>
                  <td>{change.after ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
    </DetailDrawer>
  );
}
