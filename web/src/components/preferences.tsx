// SPDX-License-Identifier: MIT
//
// Colour scheme and language, as items of a menu; and that menu alone, for the
// sign-in page.

import { ActionIcon, Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '@/app/i18n';
import { type Language, LANGUAGES } from '@/lib/languages';
import { Icon, type IconName } from './icons';

const SCHEMES: { id: MantineColorScheme; icon: IconName }[] = [
  { id: 'light', icon: 'sun' },
  { id: 'dark', icon: 'moon' },
  { id: 'auto', icon: 'screen' },
];

function Mark({ on }: { on: boolean }) {
  return on ? <Icon name="check" size={14} /> : null;
}

export function SchemeItems() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return SCHEMES.map(({ id, icon }) => (
    <Menu.Item
      key={id}
      role="menuitemradio"
      aria-checked={colorScheme === id}
      leftSection={<Icon name={icon} />}
      rightSection={<Mark on={colorScheme === id} />}
      onClick={() => setColorScheme(id)}
    >
      {t(`preferences.scheme.${id}`)}
    </Menu.Item>
  ));
}

export function LanguageItems() {
  const { i18n } = useTranslation();
  return (Object.entries(LANGUAGES) as [Language, string][]).map(([id, name]) => (
    <Menu.Item
      key={id}
      role="menuitemradio"
      aria-checked={i18n.language === id}
      lang={id}
      leftSection={<Icon name="language" />}
      rightSection={<Mark on={i18n.language === id} />}
      onClick={() => void chooseLanguage(id)}
    >
      {name}
    </Menu.Item>
  ));
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
