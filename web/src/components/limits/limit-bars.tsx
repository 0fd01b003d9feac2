// SPDX-License-Identifier: MIT
//
// What is used of limits and quotas, a bar each.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LimitUse } from '@/api/types';
import { useNow } from '@/lib/clock';
import { exactUsd, formatCount, formatCountdown } from '@/lib/format';
import { fillOf, readLimitName } from '@/lib/limits';
import classes from './limit-bars.module.css';

export function LimitBars({ uses }: { uses: LimitUse[] }) {
  return (
    <Bars>
      {uses.map((use) => <Line key={use.limit_name} use={use} />)}
    </Bars>
  );
}

function Line({ use }: { use: LimitUse }) {
  const { t } = useTranslation();
  const amount = useAmount();
  return (
    <Bar
      label={t(`limits.name.${readLimitName(use.limit_name)}`)}
      amount={t('limits.usedOf', { used: amount(use.used), limit: amount(use.limit) })}
      percent={use.used_percent}
      resetsAt={use.limit_name === 'in_flight' ? null : use.resets_at}
    />
  );
}

export function Bars({ children }: { children: ReactNode }) {
  return <ul className={classes.list}>{children}</ul>;
}

interface BarProps {
  label: string;
  amount: string;
  /** Of what is used. */
  percent: number;
  /** null: never, or nobody said. */
  resetsAt: string | null;
}

export function Bar({ label, amount, percent, resetsAt }: BarProps) {
  const { t } = useTranslation();
  return (
    <li>
      <div className={classes.line}>
        <span>{label}</span>
        <span className={classes.used}>{amount}</span>
      </div>
      <Meter label={label} percent={percent} />
      <div className={classes.note}>
        <span>{t('limits.percent', { percent })}</span>
        {resetsAt !== null && <Reset at={resetsAt} />}
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
  const { t, i18n } = useTranslation();
  const left = Date.parse(at) - useNow();
  return <span>{left > 0 && t('limits.resetsIn', { span: formatCountdown(left, i18n.language) })}</span>;
}

function useAmount() {
  const { i18n } = useTranslation();
  return (value: LimitUse['used']) =>
    typeof value === 'string' ? exactUsd(value) : formatCount(value, i18n.language);
}
