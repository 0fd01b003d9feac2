// SPDX-License-Identifier: MIT
//
// A moment in the reader's zone; the full one, with the zone, on hover.

import { useTranslation } from 'react-i18next';
import { formatFullTime, formatTime } from '@/lib/format';
import classes from './time.module.css';

export function Time({ value, precise = false }: { value: string; precise?: boolean }) {
  const { i18n } = useTranslation();
  return (
    <time dateTime={value} title={formatFullTime(value, i18n.language)} className={classes.time}>
      {formatTime(value, i18n.language, precise)}
    </time>
  );
}
