// SPDX-License-Identifier: MIT
//
// Limits against what is used of them, a bar each.

import { useTranslation } from 'react-i18next';
import type { LimitUse } from '@/api/types';
import { useNow } from '@/lib/clock';
import { exactUsd, formatCount, formatCountdown } from '@/lib/format';
import { fillOf, readLimitName } from '@/lib/limits';
import classes from './limit-bars.module.css';

export function LimitBars({ uses }: { uses: LimitUse[] }) {
  return (
    <ul className={classes.list}>
      {uses.map((use) => <Line key={use.limit_name} use={use} />)}
    </ul>
  );
}

function Line({ use }: { use: LimitUse }) {
  const { t } = useTranslation();
  const amount = useAmount();
  const name = t(`limits.name.${readLimitName(use.limit_name)}`);
  return (
    <li>
      <div className={classes.line}>
        <span>{name}</span>
        <span className={classes.used}>
          {t('limits.usedOf', { used: amount(use.used), limit: amount(use.limit) })}
        </span>
      </div>
      <Meter label={name} percent={use.used_percent} />
      <div className={classes.note}>
        <span>{t('limits.percent', { percent: use.used_percent })}</span>
        {use.limit_name !== 'in_flight' && <Reset at={use.resets_at} />}
      </div>
    </li>
  );
}

/** A bar, and what it says for those who do not see it. */
export function Meter({ label, percent }: { label: string; percent: number }) {
  const { t } = useTranslation();
  const shown = Math.min(100, percent);
  return (
    <div
      className={classes.track}
      data-fill={fillOf(percent)}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown}
      aria-valuetext={t('limits.percent', { percent })}
    >
      <span style={{ width: `${shown}%` }} />
    </div>
  );
}

function Reset({ at }: { at: string }) {
  const { t } = useTranslation();
  const left = Date.parse(at) - useNow();
  return <span>{left > 0 && t('limits.resetsIn', { span: formatCountdown(left) })}</span>;
}

function useAmount() {
  const { i18n } = useTranslation();
  return (value: LimitUse['used']) =>
    typeof value === 'string' ? exactUsd(value) : formatCount(value, i18n.language);
}
