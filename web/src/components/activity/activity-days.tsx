// SPDX-License-Identifier: MIT
//
// The days one by one, today first: what the chart draws, in numbers.

import { useTranslation } from 'react-i18next';
import type { TrendDay } from '@/api/types';
import { exactUsd, formatCount, formatDay } from '@/lib/format';
import classes from './activity-days.module.css';

export function ActivityDays({ days }: { days: TrendDay[] }) {
  const { t, i18n } = useTranslation();
  return (
    // It scrolls, so the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.frame} tabIndex={0} role="group" aria-label={t('activity.byDay')}>
      <table className={classes.days}>
        <thead>
          <tr>
            <th scope="col">{t('metric.day')}</th>
            <th scope="col">{t('metric.requests')}</th>
            <th scope="col">{t('metric.tokens')}</th>
            <th scope="col">{t('metric.cost')}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.date}>
              <th scope="row">{formatDay(day.date, i18n.language)}</th>
              <td>{formatCount(day.requests, i18n.language)}</td>
              <td>{formatCount(day.tokens, i18n.language)}</td>
              <td>{exactUsd(day.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
