// SPDX-License-Identifier: MIT
//
// One row of a table, a card where there is no room for columns.

import type { MouseEvent, Ref } from 'react';
import type { Column, TableProps } from './table';
import classes from './table.module.css';

interface Props<Row> extends Omit<TableProps<Row>, 'label' | 'rows' | 'rowId'> {
  row: Row;
  /** Its place, and how it is measured, where not all rows are drawn. */
  index?: number;
  ref?: Ref<HTMLTableRowElement>;
}

export function TableRow<Row>({ row, index, ref, columns, onOpen, isDimmed, isCurrent }: Props<Row>) {
  return (
    <tr
      ref={ref}
      data-index={index}
      data-dimmed={isDimmed?.(row) || undefined}
      data-current={isCurrent?.(row) || undefined}
      data-opens={onOpen !== undefined || undefined}
      onClick={onOpen && ((event) => isOutsideControls(event) && onOpen(row))}
    >
      {columns.map((column) => (
        <td key={column.id} className={cellClass(column)} data-label={column.header} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

export function cellClass<Row>(column: Column<Row>): string {
  const names = [classes[column.show ?? 'always']];
  if (column.heading) names.push(classes.heading);
  if (column.corner) names.push(classes.corner);
  return names.filter(Boolean).join(' ');
}

/** A click on a control of a row means the control; selecting text means text. */
function isOutsideControls(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as Element;
  if (!event.currentTarget.contains(target)) return false;
  if (target.closest('a, button, input, label, [role="menuitem"]') !== null) return false;
  return getSelection()?.isCollapsed ?? true;
}
