// SPDX-License-Identifier: MIT
//
// Rows of a form that are added and removed one by one. They have no identity
// of their own: they are what stands in them.

import { ActionIcon, Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons';
import classes from './form-rows.module.css';

interface Props<Row> {
  rows: Row[];
  addLabel: string;
  /** Where a row is more than a line of fields. */
  framed?: boolean;
  onAdd: () => void;
  onRemove: (index: number) => void;
  children: (row: Row, index: number) => ReactNode;
}

export function FormRows<Row>({ rows, addLabel, framed = false, onAdd, onRemove, children }: Props<Row>) {
  const { t } = useTranslation();
  return (
    <>
      {rows.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={classes.row} data-framed={framed || undefined}>
          <div className={classes.fields}>{children(row, index)}</div>
          <ActionIcon mt={4} aria-label={t('common.remove')} onClick={() => onRemove(index)}><Icon name="close" /></ActionIcon>
        </div>
      ))}
      <Group>
        <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={onAdd}>{addLabel}</Button>
      </Group>
    </>
  );
}
