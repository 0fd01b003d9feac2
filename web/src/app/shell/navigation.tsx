// SPDX-License-Identifier: MIT
//
// The list of pages, and at its foot who is signed in.

import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BrandMark } from '@/components/brand';
import { Icon } from '@/components/icons';
import { AccountMenu } from './account-menu';
import classes from './navigation.module.css';
import { visibleGroups } from './pages';
import { useRights } from './use-rights';

export function Navigation({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.brand}>
        <BrandMark />
        <span className={classes.name}>aiproxy</span>
        <ActionIcon hiddenFrom="md" ml="auto" aria-label={t('nav.close')} onClick={onLeave}>
          <Icon name="close" />
        </ActionIcon>
      </div>
      <nav className={classes.pages} aria-label={t('nav.pages')}>
        {visibleGroups(useRights()).map((group) => (
          <div key={group.id} className={classes.group}>
            <p className={classes.heading}>{t(`nav.group.${group.id}`)}</p>
            {group.pages.map((page) => (
              <Link
                key={page.id}
                to={page.to}
                className={classes.link}
                activeOptions={{ exact: page.to === '/', includeSearch: false }}
                onClick={onLeave}
              >
                <Icon name={page.icon} />
                {t(`nav.page.${page.id}`)}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <AccountMenu onLeave={onLeave} />
    </>
  );
}
