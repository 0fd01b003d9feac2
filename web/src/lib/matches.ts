// SPDX-License-Identifier: MIT

/** Whether every word of a search is in one of the texts. */
export function matches(search: string, ...texts: string[]): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const whole = texts.join('\n').toLowerCase();
  return words.every((word) => whole.includes(word));
}
