// SPDX-License-Identifier: MIT
//
// A table that is a list of cards where there is no room for columns. Rows may
// be sorted by the columns that say how; those with `onOpen` open on click, and
// by keyboard through the link or button that their first cell holds.

import { type MouseEvent, type ReactNode, useState } from 'react';
import { Icon } from '../icons';
import { type Sorting, sortRows, toggleSorting } from './sorting';
import classes from './table.module.css';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end, one under the other. */
  align?: 'end';
  /** 'wide': only where there is much room. In cards it is shown again. */
  show?: 'wide' | 'widest';
  /** The card's heading; has no label of its own. */
  heading?: boolean;
  /** Stands in the corner of a card: the menu. */
  corner?: boolean;
  /** What to sort by. */
  sort?: (row: Row) => string | number;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowId: (row: Row) => number | string;
  onOpen?: (row: Row) => void;
  isDimmed?: (row: Row) => boolean;
  isCurrent?: (row: Row) => boolean;
}

export function Table<Row>(props: Props<Row>) {
  const { columns, rows, rowId, onOpen, isDimmed, isCurrent } = props;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const sortBy = columns.find((column) => column.id === sorting?.id)?.sort;
  const shown = sorting !== null && sortBy ? sortRows(rows, sortBy, sorting.descending) : rows;

  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={props.label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                sorting={sorting?.id === column.id ? sorting : null}
                onSort={() => setSorting(toggleSorting(sorting, column.id))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr
              key={rowId(row)}
              data-dimmed={isDimmed?.(row) || undefined}
              data-current={isCurrent?.(row) || undefined}
              data-opens={onOpen !== undefined || undefined}
              onClick={onOpen && ((event) => isOutsideControls(event) && onOpen(row))}
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={cellClass(column)}
                  data-label={column.header}
                  data-align={column.align}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeaderProps<Row> {
  column: Column<Row>;
  sorting: Sorting | null;
  onSort: () => void;
}

function HeaderCell<Row>({ column, sorting, onSort }: HeaderProps<Row>) {
  const order = sorting === null ? undefined : sorting.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={cellClass(column)} data-align={column.align} aria-sort={order}>
      {column.sort === undefined ? (
        column.header
      ) : (
        <button type="button" className={classes.sort} onClick={onSort}>
          {column.header}
          <span className={classes.arrow} data-on={sorting !== null || undefined}>
            <Icon name={sorting?.descending ? 'sortDown' : 'sortUp'} size={12} />
          </span>
        </button>
      )}
    </th>
  );
}

function cellClass<Row>(column: Column<Row>): string {
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
