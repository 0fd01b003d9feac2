// SPDX-License-Identifier: MIT
//
// What is wrong or was, by which rules that is found, and who is told.

import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { Page } from '@/components/page';
import { AlertList } from './components/alert-list';
import { ChannelList } from './components/channel-list';
import { RuleList } from './components/rule-list';
import { TABS, type Tab } from './fns/search';

const route = getRouteApi('/shell/alerts');

export function AlertsPage() {
  const { t } = useTranslation();
  const rights = useRights();
  const { tab = 'alerts' } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: string | null) =>
    void navigate({ search: next === 'alerts' ? {} : { tab: next as Tab }, replace: true });

  return (
    <Page title={t('alerts.title')} about={t('alerts.about')}>
      {rights.sees ? (
        <Tabs value={tab} onChange={show} keepMounted={false}>
          <Tabs.List mb="md">
            {TABS.map((name) => <Tabs.Tab key={name} value={name}>{t(`alerts.tab.${name}`)}</Tabs.Tab>)}
          </Tabs.List>
          <Tabs.Panel value="alerts"><AlertList /></Tabs.Panel>
          <Tabs.Panel value="rules"><RuleList /></Tabs.Panel>
          <Tabs.Panel value="channels"><ChannelList /></Tabs.Panel>
        </Tabs>
      ) : (
        <AlertList />
      )}
    </Page>
  );
}
