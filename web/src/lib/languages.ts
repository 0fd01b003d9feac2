// SPDX-License-Identifier: MIT
//
// The languages of the console and which of them a browser gets.

import { readStored, writeStored } from './storage';

export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;

export type Language = keyof typeof LANGUAGES;

export function isLanguage(value: string | null): value is Language {
  return value !== null && Object.hasOwn(LANGUAGES, value);
}

/** What was chosen here before, else the first language the browser asks for. */
export function preferredLanguage(stored: string | null, asked: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  for (const tag of asked) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

export function detectLanguage(): Language {
  return preferredLanguage(readStored('language'), navigator.languages);
}

export function rememberLanguage(language: Language): void {
  writeStored('language', language);
}
