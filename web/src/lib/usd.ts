// SPDX-License-Identifier: MIT
//
// Sums of money to the last place: the API's decimals hold more than a double.

const PLACES = 12;

function toPico(value: string): bigint {
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(PLACES, '0').slice(0, PLACES));
}

export function addUsd(values: readonly string[]): string {
  const sum = values.reduce((all, value) => all + toPico(value), 0n).toString().padStart(PLACES + 1, '0');
  const fraction = sum.slice(-PLACES).replace(/0+$/, '');
  return sum.slice(0, -PLACES) + (fraction === '' ? '' : `.${fraction}`);
}
