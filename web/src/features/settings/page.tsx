// SPDX-License-Identifier: MIT
//
// What holds for all requests: the ways in, browsers, tracing, token issuers.

import { SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Page } from '@/components/page';
import { Issuers } from './components/issuers';
import { People } from './components/people';
import { TrafficSettings } from './components/traffic-settings';
import { WaysIn } from './components/ways-in';

export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('settings.title')} about={t('settings.about')}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <WaysIn />
          <TrafficSettings />
        </SimpleGrid>
        <Issuers />
        <People />
      </Stack>
    </Page>
  );
}
