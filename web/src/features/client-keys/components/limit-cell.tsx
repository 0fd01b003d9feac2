// SPDX-License-Identifier: MIT
//
// The limits of a client key in its row: how many, and how far the fullest is
// used.

import { useTranslation } from 'react-i18next';
import type { ClientKey } from '@/api/types';
import { Meter } from '@/components/limits/limit-bars';
import { countLimits } from '@/lib/limits';
import classes from './limit-cell.module.css';

interface Props {
  clientKey: ClientKey;
  /** Of the fullest, in percent; undefined: hardly, or not to be seen. */
  used: number | undefined;
}

export function LimitCell({ clientKey, used }: Props) {
  const { t } = useTranslation();
  const count = countLimits(clientKey);
  if (count === 0 && used === undefined) return t('limits.none');
  return (
    <div className={classes.cell}>
      {used === undefined ? t('limits.set', { count }) : t('limits.percent', { percent: used })}
      {used !== undefined && <Meter label={t('limits.title')} percent={used} />}
    </div>
  );
}
