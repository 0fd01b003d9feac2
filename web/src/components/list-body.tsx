// SPDX-License-Identifier: MIT
//
// The four faces of a list: on its way, failed, empty, there.

import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNote } from './error-note';
import { TableSkeleton } from './table/table-skeleton';

interface Props {
  isPending: boolean;
  error: Error | null;
  onRetry: () => void;
  isEmpty: boolean;
  empty: ReactNode;
  children: ReactNode;
}

export function ListBody({ isPending, error, onRetry, isEmpty, empty, children }: Props) {
  if (isPending) return <TableSkeleton />;
  return (
    <>
      {error !== null && <ErrorNote error={error} onRetry={onRetry} />}
      {isEmpty && error === null && (
        <Paper bg="var(--ap-surface)" bd="1px solid var(--ap-line)" radius="md">{empty}</Paper>
      )}
      {!isEmpty && children}
    </>
  );
}
