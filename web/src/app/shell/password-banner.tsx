// SPDX-License-Identifier: MIT
//
// Says why nothing else works: somebody else knows the password, such as the
// first one, which lies in a file.

import { useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Icon } from '@/components/icons';
import { TextLink } from '@/components/links';
import classes from './password-banner.module.css';
import { useUser } from './use-session-watch';

export function PasswordBanner() {
  const { t } = useTranslation();
  const user = useUser();
  const { pathname } = useLocation();
  if (!user?.must_change_password) return null;

  return (
    <div className={classes.banner} role="note">
      <Icon name="warning" />
      <span>
        {t('passwordBanner.text')}{' '}
        {pathname !== '/profile' && (
          <TextLink to="/profile" hash="password" c="inherit" fw={600} size="sm" underline="always">
            {t('passwordBanner.action')}
          </TextLink>
        )}
      </span>
    </div>
  );
}
