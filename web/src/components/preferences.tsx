// SPDX-License-Identifier: MIT
//
// Colour scheme and language, as items of a menu; and that menu alone, for the
// sign-in page.

import { ActionIcon, Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '@/app/i18n';
import { isLanguage, LANGUAGES } from '@/lib/languages';
import { Icon } from './icons';

const SCHEMES = ['light', 'dark', 'auto'] as const satisfies MantineColorScheme[];

export function SchemeItems() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choose = (value: string) => {
    const scheme = SCHEMES.find((known) => known === value);
    if (scheme !== undefined) setColorScheme(scheme);
  };
  return (
    <Menu.RadioGroup value={colorScheme} onChange={choose}>
      {SCHEMES.map((scheme) => (
        <Menu.RadioItem key={scheme} value={scheme}>{t(`preferences.scheme.${scheme}`)}</Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function change(language: string): void {
  if (isLanguage(language)) void chooseLanguage(language);
}

export function LanguageItems() {
  const { i18n } = useTranslation();
  return (
    <Menu.RadioGroup value={i18n.language} onChange={change}>
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <Menu.RadioItem key={language} value={language} lang={language}>{name}</Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

export function PreferencesMenu() {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={180} shadow="md">
      <Menu.Target>
        <ActionIcon size="md" aria-label={t('preferences.label')}>
          <Icon name="language" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <LanguageItems />
        <Menu.Divider />
        <SchemeItems />
      </Menu.Dropdown>
    </Menu>
  );
}
