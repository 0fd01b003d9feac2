// SPDX-License-Identifier: MIT
//
// Texts. A language is loaded when it is first needed; the page is drawn when
// the first one is there, so that no key is ever shown in place of its text.
// What only pages that few people open need comes with these pages.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { detectLanguage, type Language, rememberLanguage } from '@/lib/languages';
import type english from '@/locales/en';
import type englishAlerts from '@/locales/en/alerts.json';
import type englishUsage from '@/locales/en/usage.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english & typeof englishAlerts & typeof englishUsage };
  }
}

const load = {
  en: () => import('@/locales/en'),
  'zh-CN': () => import('@/locales/zh-CN'),
} satisfies Record<Language, () => Promise<unknown>>;

const parts = {
  alerts: {
    en: () => import('@/locales/en/alerts.json'),
    'zh-CN': () => import('@/locales/zh-CN/alerts.json'),
  },
  usage: {
    en: () => import('@/locales/en/usage.json'),
    'zh-CN': () => import('@/locales/zh-CN/usage.json'),
  },
} satisfies Record<string, Record<Language, () => Promise<unknown>>>;

const wanted = new Set<keyof typeof parts>();

async function loadPart(part: keyof typeof parts, language: Language): Promise<void> {
  const texts = await parts[part][language]();
  i18next.addResourceBundle(language, 'translation', texts.default, true);
}

/** The page, once its part of the texts is there too. */
export async function withTexts<Page>(part: keyof typeof parts, page: Promise<Page>): Promise<Page> {
  wanted.add(part);
  await loadPart(part, i18next.language as Language);
  return page;
}

export async function startTexts(): Promise<void> {
  const language = detectLanguage();
  const texts = await load[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: texts.default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const texts = await load[language]();
    i18next.addResourceBundle(language, 'translation', texts.default);
  }
  await Promise.all([...wanted].map((part) => loadPart(part, language)));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  rememberLanguage(language);
}
