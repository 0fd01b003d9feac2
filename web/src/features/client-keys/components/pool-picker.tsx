// SPDX-License-Identifier: MIT
//
// Chooses the provider keys of a pool, by provider.

import { Checkbox, Input, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProviderKey } from '@/api/types';
import { HealthLabel } from '@/components/health-label';
import { TextLink } from '@/components/links';
import { SearchField } from '@/components/toolbar';
import { matches } from '@/lib/matches';
import { type PoolGroup, toggleKeys } from '../fns/pool';
import classes from './pool-picker.module.css';

interface Props {
  groups: PoolGroup[];
  readAt: number;
  value: number[];
  onChange: (value: number[]) => void;
  error?: ReactNode;
}

const SEARCH_FROM = 9;

export function PoolPicker({ groups, readAt, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const total = groups.reduce((sum, group) => sum + group.keys.length, 0);
  const shown = groups
    .map((group) => ({
      ...group,
      keys: group.keys.filter((key) => matches(search, key.name, group.provider.name)),
    }))
    .filter((group) => group.keys.length > 0);

  return (
    <Input.Wrapper label={t('clientKeys.pool')} description={t('clientKeys.form.poolAbout')} error={error}>
      <div className={classes.box} role="group" aria-label={t('clientKeys.pool')}>
        {total >= SEARCH_FROM && (
          <SearchField label={t('providerKeys.search')} value={search} onChange={setSearch} />
        )}
        {total === 0 && (
          <Text size="sm" c="dimmed">
            {t('clientKeys.form.poolNone')}{' '}
            <TextLink to="/provider-keys" size="sm">{t('providerKeys.add')}</TextLink>
          </Text>
        )}
        {shown.map((group) => (
          <Group key={group.provider.id} group={group} readAt={readAt} value={value} onChange={onChange} />
        ))}
      </div>
      <Text size="xs" c="dimmed" mt={4}>{t('clientKeys.form.poolCount', { count: value.length })}</Text>
    </Input.Wrapper>
  );
}

interface GroupProps extends Pick<Props, 'readAt' | 'value' | 'onChange'> {
  group: PoolGroup;
}

function Group({ group, readAt, value, onChange }: GroupProps) {
  const { t } = useTranslation();
  const ids = group.keys.map((key) => key.id);
  const chosen = ids.filter((id) => value.includes(id)).length;
  return (
    <div className={classes.group}>
      <Checkbox
        classNames={{ label: classes.provider }}
        label={group.provider.name}
        description={group.provider.dialects.map((dialect) => t(`dialect.${dialect}`)).join(', ')}
        checked={chosen === ids.length}
        indeterminate={chosen > 0 && chosen < ids.length}
        onChange={(event) => onChange(toggleKeys(value, ids, event.currentTarget.checked))}
      />
      {group.keys.map((key) => (
        <KeyRow
          key={key.id}
          providerKey={key}
          readAt={readAt}
          checked={value.includes(key.id)}
          onChange={(on) => onChange(toggleKeys(value, [key.id], on))}
        />
      ))}
    </div>
  );
}

interface KeyRowProps {
  providerKey: ProviderKey;
  readAt: number;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function KeyRow({ providerKey, readAt, checked, onChange }: KeyRowProps) {
  return (
    <div className={classes.key}>
      <Checkbox
        label={providerKey.name}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <Text span size="xs"><HealthLabel health={providerKey.health} readAt={readAt} /></Text>
    </div>
  );
}
