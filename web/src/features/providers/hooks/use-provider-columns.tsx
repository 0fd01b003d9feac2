// SPDX-License-Identifier: MIT
//
// The columns of the list of providers.

import { Menu, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import type { Provider, ProviderKey } from '@/api/types';
import { TextLink } from '@/components/links';
import { NameButton } from '@/components/name-button';
import { StateLabel } from '@/components/state-label';
import { useRowColumns } from '@/components/table/row-columns';
import type { Column } from '@/components/table/table';
import { Tag } from '@/components/tag';

interface Options {
  keys: ProviderKey[];
  onEdit: (row: Provider) => void;
  onPreview: (row: Provider) => void;
  onDelete: (row: Provider) => void;
  onSwitch: (row: Provider) => void;
}

export function useProviderColumns({ keys, onEdit, onPreview, onDelete, onSwitch }: Options): Column<Provider>[] {
  const { t } = useTranslation();
  const rights = useRights();
  const countOf = (row: Provider) => keys.filter((key) => key.provider_id === row.id).length;
  const { enabledColumn, menuColumn } = useRowColumns<Provider>((row) => row.name);
  return [
    {
      id: 'name',
      header: t('providers.name'),
      heading: true,
      sort: (row) => row.name,
      cell: (row) => <NameButton name={row.name} onClick={() => onEdit(row)} />,
    },
    {
      id: 'dialects',
      header: t('providers.dialects'),
      cell: (row) => row.dialects.map((dialect) => <Tag key={dialect}>{t(`dialect.${dialect}`)}</Tag>),
    },
    {
      id: 'base_url',
      header: t('providers.baseUrl'),
      cell: (row) => (
        <>
          <Text size="xs" ff="monospace">{row.base_url}</Text>
          {row.resolve_error !== null && (
            <Text size="xs" component="div" title={row.resolve_error}>
              <StateLabel tone="bad">{t('providers.unresolved')}</StateLabel>
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'addresses',
      header: t('providers.address'),
      show: 'widest',
      cell: (row) => <Addresses provider={row} />,
    },
    {
      id: 'keys',
      header: t('providers.keys'),
      align: 'end',
      sort: countOf,
      cell: (row) => (
        <TextLink to="/provider-keys" search={{ provider: row.id }} size="sm">
          {countOf(row)}
        </TextLink>
      ),
    },
    enabledColumn(onSwitch, () => rights.operates),
    menuColumn((row) => (
      <>
        <Menu.Item onClick={() => onEdit(row)}>{t('common.edit')}</Menu.Item>
        <Menu.Item disabled={!rights.operates} onClick={() => onPreview(row)}>{t('providers.preview.action')}</Menu.Item>
        <Menu.Item color="red" disabled={!rights.operates} onClick={() => onDelete(row)}>{t('common.delete')}</Menu.Item>
      </>
    )),
  ];
}

function Addresses({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  const [first, ...others] = provider.addresses;
  if (first === undefined && provider.resolve_error !== null) return '–';
  if (first === undefined) return <StateLabel tone="idle">{t('providers.notYetResolved')}</StateLabel>;
  return (
    <Text span size="xs" c="dimmed" ff="monospace" title={provider.addresses.join('\n')}>
      {first}
      {others.length > 0 && ` +${others.length}`}
    </Text>
  );
}
