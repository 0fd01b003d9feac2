// SPDX-License-Identifier: MIT
//
// Who is signed in: profile, appearance, language, the way out.

import { Menu, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut } from '@/api/auth';
import { LanguageItems, SchemeItems } from '@/components/preferences';
import { Icon } from '@/components/icons';
import classes from './account-menu.module.css';
import { useUser } from './use-session-watch';

export function AccountMenu({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation();
  const user = useUser();
  if (user === null) return null;

  return (
    <div className={classes.foot}>
      <Menu position="top-start" width={196} shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={t('account.menu', { name: user.username })}>
            <span className={classes.initial} data-initial={user.username.slice(0, 1).toUpperCase()} />
            <span className={classes.name}>{user.username}</span>
            <Icon name="more" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to="/profile" onClick={onLeave} leftSection={<Icon name="user" />}>
            {t('account.profile')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('preferences.scheme.label')}</Menu.Label>
          <SchemeItems />
          <Menu.Divider />
          <Menu.Label>{t('preferences.language')}</Menu.Label>
          <LanguageItems />
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => void signOut().catch(() => undefined)}>
            {t('account.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
