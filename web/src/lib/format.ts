// SPDX-License-Identifier: MIT
//
// Numbers, money, bytes, spans and moments as people read them. What is not
// known is a dash, never a zero.

const DASH = '–';

export function formatCount(value: number | null, language: string): string {
  return value === null ? DASH : new Intl.NumberFormat(language).format(value);
}

/** A count where there is little room: "1.2K", "3.4M". */
export function shortCount(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share of 1 as a percentage. */
export function formatShare(value: number | null, language: string): string {
  if (value === null) return DASH;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
}

/** A local day, "2026-11-24", without its year. */
export function formatDay(date: string, language: string): string {
  const at = new Date(`${date}T00:00`);
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }).format(at);
}

export function formatHour(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(value));
}

const SMALLEST_SHOWN = 0.000001;

/** A cost in a column: always six places, so that the points stand in line. */
export function formatUsd(value: string | null, language: string): string {
  if (value === null) return DASH;
  const amount = Number(value);
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 6,
    maximumFractionDigits: 6,
  });
  if (amount > 0 && amount < SMALLEST_SHOWN) return `<${format.format(SMALLEST_SHOWN)}`;
  return format.format(amount);
}

/** A cost as a figure: cents from a dollar on, four places below. */
export function shortUsd(value: string | null, language: string): string {
  if (value === null) return DASH;
  const amount = Number(value);
  const places = amount === 0 || amount >= 1 ? 2 : 4;
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return amount > 0 && amount < 0.0001 ? `<${format.format(0.0001)}` : format.format(amount);
}

/** A cost on an axis: as a figure, but the smallest are told apart. */
export function axisUsd(value: number, language: string): string {
  if (value === 0 || value >= 0.001) return shortUsd(String(value), language);
  return new Intl.NumberFormat(language, {
    style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', maximumSignificantDigits: 2,
  }).format(value);
}

/** A cost to the last place that the daemon gave. */
export function exactUsd(value: string | null): string {
  return value === null ? DASH : `$${value}`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function formatBytes(value: number, language: string): string {
  let unit = 0;
  let amount = value;
  while (amount >= 1024 && unit < BYTE_UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 100 ? 0 : 1;
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: digits });
  return `${format.format(amount)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** A measured span: "0.31 ms", "842 ms", "3.21 s", "2 min 5 s". */
export function formatSpan(ms: number | null, language: string): string {
  if (ms === null) return DASH;
  const digits = (places: number) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  if (ms === 0) return '0 ms';
  if (ms < 10) return `${digits(2).format(ms)} ms`;
  if (ms < 1000) return `${digits(0).format(ms)} ms`;
  if (ms < 60_000) return `${digits(2).format(ms / 1000)} s`;
  return formatLongSpan(ms, language);
}

// English has the symbols, for its words are long.
const SYMBOLS = { day: 'd', hour: 'h', minute: 'min', second: 's' } as const;
type SpanUnit = keyof typeof SYMBOLS;

/** The two largest units of a long span: "3 d 4 h", "2 min 5 s"; "3天 4小时". */
export function formatLongSpan(ms: number, language: string): string {
  const seconds = Math.floor(ms / 1000);
  const parts: [number, SpanUnit][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first === -1 ? undefined : first + 2)
    .filter(([amount]) => amount > 0 || first === -1)
    .map(([amount, unit]) =>
      language === 'en'
        ? `${amount} ${SYMBOLS[unit]}`
        : new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount))
    .join(' ');
}

/** A countdown: "27 s", "2 min 5 s". Rounded up: it ends at 0, not before. */
export function formatCountdown(ms: number, language: string): string {
  return formatLongSpan(Math.max(0, Math.ceil(ms / 1000)) * 1000, language);
}

/** Today the time, else the day before it; the year when it is another. */
export function formatTime(
  value: string,
  language: string,
  precise: boolean,
  now = new Date(),
): string {
  const at = new Date(value);
  const isToday = at.toDateString() === now.toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (precise) {
    time.second = '2-digit';
    time.fractionalSecondDigits = 3;
  }
  if (isToday) return new Intl.DateTimeFormat(language, time).format(at);
  const day: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' };
  if (at.getFullYear() !== now.getFullYear()) day.year = 'numeric';
  return new Intl.DateTimeFormat(language, { ...day, ...time }).format(at);
}

export function formatFullTime(value: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'full',
    timeStyle: 'long',
  }).format(new Date(value));
}
