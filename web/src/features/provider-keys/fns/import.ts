// SPDX-License-Identifier: MIT
//
// Provider keys as they are pasted: a line each.

export interface ImportLine {
  name: string;
  secret: string;
}

/**
 * A line is a secret, or a name and a secret with a comma, a tab or spaces in
 * between. Empty lines and those that begin with # are left out; a secret
 * without a name gets the provider's and the next number that is not `taken`.
 */
export function readImport(text: string, provider: string, taken: readonly string[]): ImportLine[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#')).map(readLine);
  const used = new Set([...taken, ...lines.map(({ name }) => name)]);
  let number = 1;
  return lines.map(({ name, secret }) => {
    if (name !== '') return { name, secret };
    while (used.has(`${provider}-${number}`)) number += 1;
    const given = `${provider}-${number}`;
    used.add(given);
    return { name: given, secret };
  });
}

function readLine(line: string): ImportLine {
  const parts = /^(.*?)(?:\s*[,;\t]\s*|\s+)(\S+)$/.exec(line);
  if (parts === null) return { name: '', secret: line };
  return { name: parts[1]?.trim() ?? '', secret: parts[2] ?? '' };
}

/** What is left to import when some lines are done. */
export function writeImport(lines: readonly ImportLine[]): string {
  return lines.map(({ name, secret }) => `${name}, ${secret}`).join('\n');
}
