// SPDX-License-Identifier: MIT
//
// A table that is on its way: the same frame, so that nothing jumps.

import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './table-skeleton.module.css';

const WIDTHS = ['38%', '52%', '31%', '46%', '58%', '35%'];

export function TableSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.frame} role="status" aria-label={t('common.loading')}>
      <div className={classes.head} />
      {WIDTHS.map((width) => (
        <div key={width} className={classes.row}>
          <Skeleton height={10} width={width} />
        </div>
      ))}
    </div>
  );
}
