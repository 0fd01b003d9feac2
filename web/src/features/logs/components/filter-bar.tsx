// SPDX-License-Identifier: MIT
//
// The filters over the records. All of them stand in the address.

import { Button, Select } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clientKeysQuery } from '@/api/client-keys';
import { SearchField, Toolbar } from '@/components/toolbar';
import { changeFilters, countFilters, FOLDED, isFiltered, type LogFilters, OUTCOMES, PERIODS } from '../fns/filters';
import classes from './filter-bar.module.css';
import { MoreFilters } from './more-filters';

interface Props {
  filters: LogFilters;
  onChange: (filters: LogFilters) => void;
  end: ReactNode;
}

const TYPING_MS = 300;

export function FilterBar({ filters, onChange, end }: Props) {
  const { t } = useTranslation();
  const clientKeys = useQuery(clientKeysQuery);
  const folded = countFilters(filters, FOLDED);
  const [unfolded, setUnfolded] = useState(folded > 0);
  const change = (changes: Parameters<typeof changeFilters>[1]) =>
    onChange(changeFilters(filters, changes));

  return (
    <>
      <Toolbar end={end}>
        {/* The key takes up a search that changed elsewhere: back, or a link. */}
        <TypedSearch
          key={filters.search ?? ''}
          value={filters.search ?? ''}
          onChange={(search) => change({ search: search || undefined })}
        />
        <Select
          size="xs"
          className={classes.field}
          aria-label={t('logs.filter.period')}
          placeholder={t('logs.filter.anyTime')}
          clearable
          data={PERIODS.map((value) => ({ value, label: t(`logs.period.${value}`) }))}
          value={filters.period ?? null}
          onChange={(period) => change({ period: period ?? undefined, from: undefined, to: undefined })}
        />
        <Select
          size="xs"
          className={classes.field}
          aria-label={t('logs.filter.outcome')}
          placeholder={t('logs.filter.anyOutcome')}
          clearable
          data={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          value={filters.outcome ?? null}
          onChange={(outcome) => change({ outcome: outcome ?? undefined })}
        />
        <Select
          size="xs"
          className={classes.field}
          aria-label={t('logs.clientKey')}
          placeholder={t('logs.filter.anyClientKey')}
          clearable
          searchable
          data={(clientKeys.data ?? []).map((row) => ({ value: String(row.id), label: row.name }))}
          value={filters.client_key_id?.toString() ?? null}
          onChange={(id) => change({ client_key_id: id === null ? undefined : Number(id) })}
        />
        <Button variant="default" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {folded > 0 ? t('logs.filter.moreSet', { count: folded }) : t('logs.filter.more')}
        </Button>
        {isFiltered(filters) && (
          <Button variant="subtle" color="gray" onClick={() => onChange({})}>{t('logs.filter.clear')}</Button>
        )}
      </Toolbar>
      {unfolded && <MoreFilters filters={filters} change={change} />}
    </>
  );
}

function TypedSearch({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const commit = useDebouncedCallback(onChange, TYPING_MS);
  return (
    <SearchField
      label={t('logs.filter.search')}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        commit(text.trim());
      }}
    />
  );
}
