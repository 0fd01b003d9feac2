// SPDX-License-Identifier: MIT
//
// The last columns of every list of configured objects: on or off, and what
// can be done with a row.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EnabledSwitch } from '../enabled-switch';
import { RowMenu } from '../row-menu';
import type { Column } from './table';

export function useRowColumns<Row extends { is_enabled: boolean }>(nameOf: (row: Row) => string) {
  const { t } = useTranslation();
  return {
    enabledColumn: (onSwitch: (row: Row) => void, mayChange: (row: Row) => boolean): Column<Row> => ({
      id: 'enabled',
      header: t('common.enabled'),
      cell: (row) => (
        <EnabledSwitch name={nameOf(row)} isEnabled={row.is_enabled} onSwitch={() => onSwitch(row)} disabled={!mayChange(row)} />
      ),
    }),
    /** With the items of the menu; none: nothing can be done with the row. */
    menuColumn: (items: (row: Row) => ReactNode): Column<Row> => ({
      id: 'menu',
      corner: true,
      header: '',
      align: 'end',
      cell: (row) => {
        const shown = items(row);
        return shown && <RowMenu label={t('common.actionsFor', { name: nameOf(row) })}>{shown}</RowMenu>;
      },
    }),
  };
}
