// SPDX-License-Identifier: MIT
//
// The filters that are needed less often.

import { NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { providerKeysQuery } from '@/api/provider-keys';
import { providersQuery } from '@/api/providers';
import { fromLocalInput, toLocalInput } from '@/lib/local-time';
import type { changeFilters, LogFilters } from '../fns/filters';
import classes from './filter-bar.module.css';

interface Props {
  filters: LogFilters;
  change: (changes: Parameters<typeof changeFilters>[1]) => void;
}

function toId(id: string | null): number | undefined {
  return id === null ? undefined : Number(id);
}

export function MoreFilters({ filters, change }: Props) {
  const { t } = useTranslation();
  const providers = useQuery(providersQuery);
  const providerKeys = useQuery(providerKeysQuery);
  const keys = (providerKeys.data ?? []).filter(
    (row) => filters.provider_id === undefined || row.provider_id === filters.provider_id,
  );
  const commitModel = (model: string) => {
    if ((filters.model ?? '') !== model.trim()) change({ model: model.trim() || undefined });
  };

  return (
    <div className={classes.more}>
      <Select
        size="xs"
        label={t('logs.provider')}
        placeholder={t('logs.filter.any')}
        clearable
        data={(providers.data ?? []).map((row) => ({ value: String(row.id), label: row.name }))}
        value={filters.provider_id?.toString() ?? null}
        onChange={(id) => change({ provider_id: toId(id), provider_key_id: undefined })}
      />
      <Select
        size="xs"
        label={t('logs.providerKey')}
        placeholder={t('logs.filter.any')}
        clearable
        searchable
        data={keys.map((row) => ({ value: String(row.id), label: row.name }))}
        value={filters.provider_key_id?.toString() ?? null}
        onChange={(id) => change({ provider_key_id: toId(id) })}
      />
      <TextInput
        key={filters.model ?? ''}
        size="xs"
        label={t('logs.model')}
        placeholder={t('logs.filter.exact')}
        defaultValue={filters.model ?? ''}
        onBlur={(event) => commitModel(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && commitModel(event.currentTarget.value)}
      />
      <NumberInput
        size="xs"
        label={t('logs.status')}
        placeholder={t('logs.filter.any')}
        min={0}
        max={999}
        hideControls
        allowDecimal={false}
        value={filters.status ?? ''}
        onChange={(status) => change({ status: typeof status === 'number' ? status : undefined })}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t('logs.filter.from')}
        value={filters.from === undefined ? '' : toLocalInput(filters.from)}
        onChange={(event) =>
          change({ from: fromLocalInput(event.currentTarget.value) ?? undefined, period: undefined })
        }
      />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t('logs.filter.to')}
        value={filters.to === undefined ? '' : toLocalInput(filters.to)}
        onChange={(event) =>
          change({ to: fromLocalInput(event.currentTarget.value) ?? undefined, period: undefined })
        }
      />
    </div>
  );
}
