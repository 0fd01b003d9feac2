// SPDX-License-Identifier: MIT

/** JSON with its lines; anything else, and what was cut, as it is. */
export function prettyText(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
