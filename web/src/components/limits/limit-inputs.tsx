// SPDX-License-Identifier: MIT
//
// The fields of limits, in the forms of what has some.

import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BUDGETS, COUNTS, type LimitName } from '@/lib/limits';

interface Props {
  /** What the form gives for a field: its value, what changes it, its error. */
  input: (name: LimitName | 'time_zone') => object;
}

// A list of hundreds: those that fit what is typed are enough.
const ZONES_SHOWN = 40;

export function LimitInputs({ input }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {COUNTS.map((name) => (
        <NumberInput
          key={name}
          label={t(`limits.name.${name}`)}
          placeholder={t('limits.none')}
          min={0}
          allowDecimal={false}
          thousandSeparator=","
          {...input(name)}
        />
      ))}
      {BUDGETS.map((name) => (
        <TextInput
          key={name}
          label={t(`limits.name.${name}`)}
          placeholder={t('limits.none')}
          inputMode="decimal"
          autoComplete="off"
          leftSection="$"
          {...input(name)}
        />
      ))}
      <Select
        label={t('limits.timeZone')}
        description={t('limits.timeZoneAbout')}
        placeholder="UTC"
        data={Intl.supportedValuesOf('timeZone')}
        limit={ZONES_SHOWN}
        searchable
        clearable
        nothingFoundMessage={t('common.noMatchTitle')}
        {...input('time_zone')}
      />
    </SimpleGrid>
  );
}
