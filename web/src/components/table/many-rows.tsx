// SPDX-License-Identifier: MIT
//
// The rows of a long table: those near the screen are drawn, the others are the
// height of two empty rows.

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { TableProps } from './table';
import { TableRow } from './table-row';
import classes from './table.module.css';

const ROW_PX = 38;
const OVERSCAN = 15;

export function ManyRows<Row>(props: TableProps<Row>) {
  const { columns, rows, rowId } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // Where the table stands in the page is the browser's to say.
  useLayoutEffect(() => {
    setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, []);
  // What it returns changes as one scrolls, and nothing here is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowId(row);
    },
  });
  const drawn = virtual.getVirtualItems();
  const before = (drawn[0]?.start ?? top) - top;
  const after = virtual.getTotalSize() - ((drawn.at(-1)?.end ?? top) - top);

  return (
    <tbody ref={body}>
      <Gap height={before} columns={columns.length} />
      {drawn.map(({ index, key }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return <TableRow key={key} ref={virtual.measureElement} index={index} row={row} {...props} />;
      })}
      <Gap height={after} columns={columns.length} />
    </tbody>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className={classes.gap}>
      {/* It holds nothing but room. */}
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label */}
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
