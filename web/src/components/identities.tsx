// SPDX-License-Identifier: MIT
//
// The accounts elsewhere that sign a user in, and the end of that.

import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type IdentitiesOf, identitiesQuery, unlinkIdentities } from '@/api/oidc';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { ErrorNote } from '@/components/error-note';
import { Facts } from '@/components/section';
import { Time } from '@/components/time';
import { notifyDone } from '@/lib/notify';

export function Identities({ of, name }: { of: IdentitiesOf; name: string }) {
  const { t } = useTranslation();
  const identities = useQuery(identitiesQuery(of));
  const rows = identities.data ?? [];
  return (
    <Stack gap="sm">
      {identities.isPending && <Skeleton height={40} role="status" aria-label={t('common.loading')} />}
      {identities.error !== null && <ErrorNote error={identities.error} onRetry={() => void identities.refetch()} />}
      {identities.isSuccess && rows.length === 0 && <Text size="sm" c="dimmed">{t('oidc.linkedNone')}</Text>}
      {rows.length > 0 && (
        <>
          <Facts
            facts={rows.map((row) => ({
              label: row.issuer,
              value: <>{row.subject} <Text span size="xs" c="dimmed"><Time value={row.created_at} /></Text></>,
            }))}
          />
          <Unlink of={of} name={name} />
        </>
      )}
    </Stack>
  );
}

function Unlink({ of, name }: { of: IdentitiesOf; name: string }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [asked, setAsked] = useState(false);
  const unlink = useMutation({
    mutationFn: () => unlinkIdentities(of),
    onSuccess: () => {
      setAsked(false);
      notifyDone(t('oidc.unlinked', { name }));
      return cache.invalidateQueries({ queryKey: identitiesQuery(of).queryKey });
    },
  });
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={() => setAsked(true)}>{t('oidc.unlink')}</Button>
      <ConfirmDialog
        opened={asked}
        title={t('oidc.unlinkTitle', { name })}
        action={t('oidc.unlink')}
        pending={unlink.isPending}
        error={unlink.error}
        onConfirm={() => unlink.mutate()}
        onClose={() => setAsked(false)}
      >
        {t(of === 'me' ? 'oidc.unlinkOwnText' : 'oidc.unlinkText')}
      </ConfirmDialog>
    </Group>
  );
}
