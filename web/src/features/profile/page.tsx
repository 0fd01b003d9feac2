// SPDX-License-Identifier: MIT
//
// One's own account: password, language, appearance.

import { SegmentedControl, SimpleGrid, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUser } from '@/app/shell/use-session-watch';
import { chooseLanguage } from '@/app/i18n';
import { Page } from '@/components/page';
import { Facts, Section } from '@/components/section';
import { Time } from '@/components/time';
import { isLanguage, LANGUAGES } from '@/lib/languages';
import { ApiTokens } from './components/api-tokens';
import { OidcLink } from './components/oidc-link';
import { PasswordForm } from './components/password-form';
import { ProfileForm } from './components/profile-form';

export function ProfilePage() {
  const { t } = useTranslation();
  const user = useUser();
  if (user === null) return null;
  if (user.must_change_password) {
    return (
      <Page title={t('profile.title')} about={t('profile.about')}>
        <PasswordForm />
      </Page>
    );
  }

  return (
    <Page title={t('profile.title')} about={t('profile.about')}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Stack gap="md">
          <PasswordForm />
          <OidcLink />
          <ProfileForm user={user} />
        </Stack>
        <Stack gap="md">
          <Section title={t('profile.account')}>
            <Facts
              facts={[
                { label: t('profile.username'), value: user.username },
                { label: t('profile.role'), value: t(`profile.roleName.${user.role}`) },
                { label: t('profile.createdAt'), value: <Time value={user.created_at} /> },
                { label: t('profile.zone'), value: Intl.DateTimeFormat().resolvedOptions().timeZone },
              ]}
            />
          </Section>
          <Appearance />
          <ApiTokens />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}

function Appearance() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={t('profile.appearance')}>
      <Stack gap="sm" py={4}>
        <div>
          <Text size="sm" c="dimmed" mb={4}>{t('preferences.scheme.label')}</Text>
          <SegmentedControl
            size="xs"
            aria-label={t('preferences.scheme.label')}
            value={colorScheme}
            onChange={setColorScheme}
            data={(['light', 'dark', 'auto'] as const).map((value) => ({
              value,
              label: t(`preferences.scheme.${value}`),
            }))}
          />
        </div>
        <div>
          <Text size="sm" c="dimmed" mb={4}>{t('preferences.language')}</Text>
          <SegmentedControl
            size="xs"
            aria-label={t('preferences.language')}
            value={i18n.language}
            onChange={(value) => isLanguage(value) && void chooseLanguage(value)}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <Text size="xs" c="dimmed">{t('profile.kept')}</Text>
      </Stack>
    </Section>
  );
}
