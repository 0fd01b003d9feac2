// SPDX-License-Identifier: MIT
//
// Texts. A language is loaded when it is first needed; the page is drawn when
// the first one is there, so that no key is ever shown in place of its text.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { detectLanguage, type Language, rememberLanguage } from '@/lib/languages';
import type english from '@/locales/en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english };
  }
}

const load = {
  en: () => import('@/locales/en'),
  'zh-CN': () => import('@/locales/zh-CN'),
} satisfies Record<Language, () => Promise<unknown>>;

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
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  rememberLanguage(language);
}
