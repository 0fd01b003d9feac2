// SPDX-License-Identifier: MIT
//
// A price as people know it: tokens by the million, calls and pieces each,
// sound by the hour.

export interface UnitPrice {
  price: string;
  per: 'perMillion' | 'perPiece' | 'perHour';
}

const MILLION_DIGITS = 6;

/** USD of one, exact, as USD of a million. */
function timesMillion(usd: string): string {
  const [whole = '', fraction = ''] = usd.split('.');
  const moved = whole + fraction.padEnd(MILLION_DIGITS, '0').slice(0, MILLION_DIGITS);
  const rest = fraction.slice(MILLION_DIGITS);
  const digits = moved.replace(/^0+(?=\d)/, '');
  return rest === '' ? digits : `${digits}.${rest}`;
}

/** Whatever costs less than a tenth of a cent is a token. */
export function perUnits(usd: string, per: number): UnitPrice {
  if (per !== 1) return { price: usd, per: 'perHour' };
  return Number(usd) >= 0.001 ? { price: usd, per: 'perPiece' } : { price: timesMillion(usd), per: 'perMillion' };
}
