// SPDX-License-Identifier: MIT
//
// A table that is a list of cards where there is no room for columns. Rows may
// be sorted by the columns that say how; those with `onOpen` open on click, and
// by keyboard through the link or button that their first cell holds.

import { type ReactNode, useState } from 'react';
import { Icon } from '../icons';
import { type Sorting, sortRows, toggleSorting } from './sorting';
import classes from './table.module.css';
import { ManyRows } from './many-rows';
import { cellClass, TableRow } from './table-row';

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

// Beyond that only what is near the screen is drawn.
const MANY = 100;

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowId: (row: Row) => number | string;
  onOpen?: (row: Row) => void;
  isDimmed?: (row: Row) => boolean;
  isCurrent?: (row: Row) => boolean;
}

export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, rowId } = props;
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
        {shown.length > MANY ? <ManyRows {...props} rows={shown} /> : (
          <tbody>{shown.map((row) => <TableRow key={rowId(row)} row={row} {...props} />)}</tbody>
        )}
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
