// SPDX-License-Identifier: MIT
//
// What happens now, what it costs, who spends it, what fails.

import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { Page } from '@/components/page';
import { Attention } from './components/attention';
import { Errors } from './components/errors';
import { Today } from './components/today';
import { Top } from './components/top';
import { Trends } from './components/trends';
import { SPANS } from './fns/search';

const route = getRouteApi('/shell/');

export function DashboardPage() {
  const { t } = useTranslation();
  const { days = 7, by = 'model', order = 'cost' } = route.useSearch();
  const { sees } = useRights();
  const navigate = route.useNavigate();
  const change = (changes: ReturnType<typeof route.useSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...changes }), replace: true, resetScroll: false });

  return (
    <Page
      title={t('dashboard.title')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('dashboard.span')}
          value={String(days)}
          onChange={(value) => {
            const span = SPANS.find((known) => String(known) === value);
            if (span !== undefined) change({ days: span });
          }}
          data={SPANS.map((span) => ({
            value: String(span),
            label: span === 1 ? t('dashboard.today') : t('activity.lastDays', { count: span }),
          }))}
        />
      }
    >
      <Stack gap="md">
        <Attention />
        <Today />
        <Trends days={days} />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          {sees && <Top days={days} by={by} order={order} onChange={change} />}
          <Errors days={days} />
        </SimpleGrid>
      </Stack>
    </Page>
  );
}
