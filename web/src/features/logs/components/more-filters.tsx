// SPDX-License-Identifier: MIT
//
// The filters that are needed less often.

import { NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { providerKeysQuery } from '@/api/provider-keys';
import { providersQuery } from '@/api/providers';
import { ERROR_CLASSES } from '@/lib/error-classes';
import { fromLocalInput, toLocalInput } from '@/lib/local-time';
import { type changeFilters, type LogFilters, USAGE_SOURCES } from '../fns/filters';
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
      <TypedFilter label={t('logs.model')} placeholder={t('logs.filter.exact')} value={filters.model} onCommit={(model) => change({ model })} />
      <TypedFilter label={t('logs.filter.contains')} placeholder={t('logs.filter.containsAbout')} value={filters.contains} onCommit={(contains) => change({ contains })} />
      <Select
        size="xs"
        label={t('logs.filter.class')}
        placeholder={t('logs.filter.any')}
        clearable
        searchable
        data={ERROR_CLASSES.map((value) => ({ value, label: t(`errorClass.${value}`) }))}
        value={filters.class ?? null}
        onChange={(value) => change({ class: value ?? undefined })}
      />
      <Select
        size="xs"
        label={t('logs.filter.usageSource')}
        placeholder={t('logs.filter.any')}
        clearable
        data={USAGE_SOURCES.map((value) => ({ value, label: t(`logs.usageSource.${value}`) }))}
        value={filters.usage_source ?? null}
        onChange={(value) => change({ usage_source: value ?? undefined })}
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

interface TypedProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  onCommit: (value: string | undefined) => void;
}

/** Is asked for when the field is left or Enter is pressed. */
function TypedFilter({ label, placeholder, value, onCommit }: TypedProps) {
  const commit = (typed: string) => {
    if ((value ?? '') !== typed.trim()) onCommit(typed.trim() || undefined);
  };
  return (
    <TextInput
      key={value ?? ''}
      size="xs"
      label={label}
      placeholder={placeholder}
      defaultValue={value ?? ''}
      onBlur={(event) => commit(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
    />
  );
}
