// SPDX-License-Identifier: MIT
//
// Both languages are complete, and hold nothing that no page shows.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import english from './en';
import chinese from './zh-CN';
import { parts } from './parts';

type Texts = { [name: string]: string | Texts };

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + name, value);
    else for (const [key, text] of flatten(value, `${prefix}${name}.`)) flat.set(key, text);
  }
  return flat;
}

async function partsIn(language: 'en' | 'zh-CN'): Promise<Texts> {
  const loaded = await Promise.all(Object.values(parts).map(async (part) => (await part[language]()).default as Texts));
  return Object.assign({}, ...loaded) as Texts;
}

const en = flatten({ ...english, ...(await partsIn('en')) });
const zh = flatten({ ...chinese, ...(await partsIn('zh-CN')) });
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '');
const keysOf = (texts: Map<string, string>) => [...new Set([...texts.keys()].map(withoutPlural))].toSorted();

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted();
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .filter((entry) => !entry.parentPath.includes('locales'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** Literals, and templates such as `outcome.${x}` as patterns. */
function usedKeys(): { literal: Set<string>; patterns: RegExp[] } {
  const literal = new Set<string>();
  const patterns: RegExp[] = [];
  for (const text of sources(new URL('..', import.meta.url).pathname)) {
    for (const [, key = ''] of text.matchAll(/'([a-z]\w*(?:\.\w+)+)'/gi)) literal.add(key);
    for (const [, key = ''] of text.matchAll(/`([a-z]\w*(?:\.(?:\w+|\$\{[^}]+\}))+)`/gi)) {
      patterns.push(new RegExp(`^${key.replaceAll('.', '\\.').replace(/\$\{[^}]+\}/g, '[\\w.]+')}$`));
    }
  }
  return { literal, patterns };
}

test('the languages have the same keys', () => {
  expect(keysOf(zh)).toEqual(keysOf(en));
});

test('no text is empty', () => {
  const empty = [...en, ...zh].filter(([, text]) => text.trim() === '').map(([key]) => key);
  expect(empty).toEqual([]);
});

test('plurals are whole: one and other in English, other in Chinese', () => {
  const ones = [...en.keys()].filter((key) => key.endsWith('_one')).map(withoutPlural);
  const others = (texts: Map<string, string>) =>
    [...texts.keys()].filter((key) => key.endsWith('_other')).map(withoutPlural).toSorted();
  expect(others(en)).toEqual(ones.toSorted());
  expect(others(zh)).toEqual(ones.toSorted());
});

test('the languages have the same placeholders', () => {
  for (const key of keysOf(en)) {
    const inEnglish = en.get(key) ?? en.get(`${key}_other`) ?? '';
    const inChinese = zh.get(key) ?? zh.get(`${key}_other`) ?? '';
    expect(placeholders(inChinese), key).toEqual(placeholders(inEnglish));
  }
});

test('every key is used', () => {
  const { literal, patterns } = usedKeys();
  const unused = keysOf(en).filter(
    (key) => !literal.has(key) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});

test('every key that is used exists', () => {
  // Where a key is made of parts, the compiler checks it: i18next is typed.
  const known = new Set(keysOf(en));
  const calls = sources(new URL('..', import.meta.url).pathname).flatMap((text) =>
    [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => key),
  );
  expect(calls.length).toBeGreaterThan(100);
  expect(calls.filter((key) => !known.has(key))).toEqual([]);
});

test('Chinese texts are Chinese', () => {
  // Names of formats and products are the same in both.
  const same = [...zh].filter(([key, text]) => en.get(key) === text).map(([key]) => key);
  const names = /^(dialect\.|examples\.tool\.|system\.databaseName\.|logs\.detail\.factor$|alerts\.channelKind\.webhook$|alerts\.url$|providers\.part\.tls)/;
  expect(same.filter((key) => !names.test(key))).toEqual([]);
});

test('a page that uses a part of the texts loads it', async () => {
  const folder = new URL('../features/', import.meta.url).pathname;
  const router = readFileSync(new URL('../app/router.tsx', import.meta.url), 'utf8');
  // Of each feature with a page, the parts that come with it.
  const loads = new Map(
    [...router.matchAll(/(?:withTexts\(\[([^\]]+)\], )?import\('@\/features\/([\w-]+)\/page'\)/g)].map(([, names = '', feature = '']) =>
      [feature, names.replaceAll("'", '').split(', ')] as const),
  );
  expect(loads.size).toBeGreaterThan(10);
  for (const [part, languages] of Object.entries(parts)) {
    const spaces = Object.keys((await languages.en()).default).join('|');
    const uses = new RegExp(`['\`](${spaces})\\.`);
    for (const feature of loads.keys()) {
      if (!sources(join(folder, feature)).some((text) => uses.test(text))) continue;
      expect(loads.get(feature), `${feature} uses texts of ${part}`).toContain(part);
    }
  }
});
