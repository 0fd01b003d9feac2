// SPDX-License-Identifier: MIT
//
// How callers may say who they are. Closing a way refuses its callers within a
// second, so that is asked about first.

import { Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRights } from '@/app/shell/use-rights';
import { authenticationQuery, updateAuthentication } from '@/api/settings';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { notifyDone } from '@/lib/notify';

const WAYS = ['client_keys', 'jwt', 'oauth'] as const;
type Way = (typeof WAYS)[number];

export function WaysIn() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { administers } = useRights();
  const ways = useQuery(authenticationQuery);
  const [closing, setClosing] = useState<Way | null>(null);
  const change = useMutation({
    mutationFn: ({ way, isOpen }: { way: Way; isOpen: boolean }) => updateAuthentication({ [way]: isOpen }),
    onSuccess: (now) => {
      cache.setQueryData(authenticationQuery.queryKey, now);
      setClosing(null);
      notifyDone(t('settings.saved'));
    },
  });

  return (
    <Section title={t('settings.ways.title')}>
      {ways.error !== null && <ErrorNote error={ways.error} onRetry={() => void ways.refetch()} />}
      {ways.isPending && <Skeleton height={120} role="status" aria-label={t('common.loading')} />}
      {ways.data !== undefined && (
        <Stack gap="sm" py={4}>
          {WAYS.map((way) => (
            <Switch
              key={way}
              label={t(`settings.ways.name.${way}`)}
              description={t(`settings.ways.about.${way}`)}
              checked={ways.data[way]}
              disabled={!administers}
              onChange={(event) => {
                if (event.currentTarget.checked) change.mutate({ way, isOpen: true });
                else setClosing(way);
              }}
            />
          ))}
          {closing === null && change.error !== null && <ErrorNote error={change.error} />}
        </Stack>
      )}
      <ConfirmDialog
        opened={closing !== null}
        title={t('settings.ways.closeTitle')}
        action={t('settings.ways.close')}
        pending={change.isPending}
        error={change.error}
        onConfirm={() => closing !== null && change.mutate({ way: closing, isOpen: false })}
        onClose={() => {
          setClosing(null);
          change.reset();
        }}
      >
        <Text size="sm">{closing !== null && t(`settings.ways.consequence.${closing}`)}</Text>
      </ConfirmDialog>
    </Section>
  );
}
