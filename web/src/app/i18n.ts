// SPDX-License-Identifier: MIT
//
// Texts. A language is loaded when it is first needed; the page is drawn when
// the first one is there, so that no key is ever shown in place of its text.
// What only some pages need comes with these pages.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { detectLanguage, type Language, rememberLanguage } from '@/lib/languages';
import type english from '@/locales/en';
import { type Part, parts, type PartTexts } from '@/locales/parts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english & PartTexts };
  }
}

const load = {
  en: () => import('@/locales/en'),
  'zh-CN': () => import('@/locales/zh-CN'),
} satisfies Record<Language, () => Promise<unknown>>;

const wanted = new Set<Part>();

async function loadPart(part: Part, language: Language): Promise<void> {
  const texts = await parts[part][language]();
  i18next.addResourceBundle(language, 'translation', texts.default, true);
}

/** The page, once its parts of the texts are there too. */
export async function withTexts<Page>(needed: Part[], page: Promise<Page>): Promise<Page> {
  for (const part of needed) wanted.add(part);
  await Promise.all(needed.map((part) => loadPart(part, i18next.language as Language)));
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
