// SPDX-License-Identifier: MIT
//
// Sums of money to the last place: the API's decimals hold more than a double.

const PLACES = 12;

function toPico(value: string): bigint {
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(PLACES, '0').slice(0, PLACES));
}

function fromPico(pico: bigint): string {
  const digits = (pico < 0n ? -pico : pico).toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  const sign = pico < 0n ? '-' : '';
  return sign + digits.slice(0, -PLACES) + (fraction === '' ? '' : `.${fraction}`);
}

export function addUsd(values: readonly string[]): string {
  return fromPico(values.reduce((all, value) => all + toPico(value), 0n));
}

export function subtractUsd(from: string, value: string): string {
  return fromPico(toPico(from) - toPico(value));
}
