// SPDX-License-Identifier: MIT
//
// The texts that come with the pages that need them. All others come before the
// first page is drawn.

export const parts = {
  alerts: { en: () => import('./en/alerts.json'), 'zh-CN': () => import('./zh-CN/alerts.json') },
  logs: { en: () => import('./en/logs.json'), 'zh-CN': () => import('./zh-CN/logs.json') },
  prices: { en: () => import('./en/prices.json'), 'zh-CN': () => import('./zh-CN/prices.json') },
  providers: { en: () => import('./en/providers.json'), 'zh-CN': () => import('./zh-CN/providers.json') },
  settings: { en: () => import('./en/settings.json'), 'zh-CN': () => import('./zh-CN/settings.json') },
  usage: { en: () => import('./en/usage.json'), 'zh-CN': () => import('./zh-CN/usage.json') },
};

export type Part = keyof typeof parts;

type TextsOf<Name extends Part> = Awaited<ReturnType<(typeof parts)[Name]['en']>>['default'];

export type PartTexts = TextsOf<'alerts'> & TextsOf<'logs'> & TextsOf<'prices'> & TextsOf<'providers'> &
  TextsOf<'settings'> & TextsOf<'usage'>;
