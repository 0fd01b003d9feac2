// SPDX-License-Identifier: MIT
//
// The columns of the list of OAuth clients.

import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { ClientKey, OAuthClient } from '@/api/types';
import { CopyButton } from '@/components/copy-button';
import { Expiry } from '@/components/expiry';
import { NameButton } from '@/components/name-button';
import { useRowColumns } from '@/components/table/row-columns';
import type { Column } from '@/components/table/table';
import { formatLongSpan } from '@/lib/format';

interface Options {
  clientKeys: ClientKey[];
  onEdit: (row: OAuthClient) => void;
  onRotate: (row: OAuthClient) => void;
  onRevoke: (row: OAuthClient) => void;
  onDelete: (row: OAuthClient) => void;
  onSwitch: (row: OAuthClient) => void;
}

export function useOAuthClientColumns(options: Options): Column<OAuthClient>[] {
  const { clientKeys, onEdit, onRotate, onRevoke, onDelete, onSwitch } = options;
  const { t, i18n } = useTranslation();
  const rights = useRights();
  const keyName = (row: OAuthClient) =>
    clientKeys.find((key) => key.id === row.client_key_id)?.name ?? `#${row.client_key_id}`;
  const { enabledColumn, menuColumn } = useRowColumns<OAuthClient>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('common.name'),
      heading: true,
      sort: (row) => row.name,
      cell: (row) => <NameButton name={row.name} onClick={() => onEdit(row)} />,
    },
    {
      id: 'client_id',
      header: t('oauthClients.clientId'),
      cell: (row) => (
        <>
          <Text span size="xs" ff="monospace" c="dimmed">{row.client_id}</Text>{' '}
          <CopyButton text={row.client_id} label={t('common.copyText', { text: row.client_id })} />
        </>
      ),
    },
    { id: 'client_key', header: t('oauthClients.clientKey'), sort: keyName, cell: keyName },
    {
      id: 'lifetime',
      header: t('oauthClients.lifetime'),
      align: 'end',
      show: 'wide',
      sort: (row) => row.token_lifetime_s,
      cell: (row) => formatLongSpan(row.token_lifetime_s * 1000, i18n.language),
    },
    {
      id: 'expires',
      header: t('expiry.column'),
      show: 'wide',
      sort: (row) => row.expires_at ?? '9999',
      cell: (row) => <Expiry value={row.expires_at} />,
    },
    enabledColumn(onSwitch, () => rights.operates),
    menuColumn((row) => (
      <>
        <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item disabled={!rights.operates} onClick={() => onRotate(row)}>{t('rotation.action')}</Menu.Item>
        <Menu.Item disabled={!rights.operates} onClick={() => onRevoke(row)}>{t('oauthClients.revoke')}</Menu.Item>
        <Menu.Item color="red" disabled={!rights.operates} onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}
