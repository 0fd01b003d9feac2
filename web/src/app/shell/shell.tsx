// SPDX-License-Identifier: MIT
//
// What stands around every page of a signed-in person: navigation, the
// password reminder, notices. Leaves for the sign-in page when the session ends.

import { AppShell, Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '@/components/brand';
import { Navigation } from './navigation';
import { PasswordBanner } from './password-banner';
import classes from './shell.module.css';
import { useSessionWatch } from './use-session-watch';

export function Shell() {
  const { t } = useTranslation();
  const [opened, menu] = useDisclosure(false);
  useSessionWatch();

  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 48, md: 0 } }}
      navbar={{ width: 'var(--ap-sidebar-width)', breakpoint: 'md', collapsed: { mobile: !opened } }}
      transitionDuration={120}
    >
      <a href="#main" className={classes.skip}>{t('nav.skip')}</a>
      <AppShell.Header hiddenFrom="md" className={classes.header}>
        <Burger opened={opened} onClick={menu.toggle} size="sm" aria-label={t('nav.menu')} />
        <BrandMark size={20} />
        <span className={classes.name}>aiproxy</span>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Navigation onLeave={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <PasswordBanner />
        <Outlet />
      </AppShell.Main>
      <Notifications position="bottom-right" autoClose={4000} limit={3} />
    </AppShell>
  );
}
