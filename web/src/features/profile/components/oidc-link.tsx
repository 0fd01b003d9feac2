// SPDX-License-Identifier: MIT
//
// The accounts elsewhere that sign this user in, and the way to link one.

import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { identitiesQuery, oidcQuery, startOidcLink } from '@/api/oidc';
import { useUser } from '@/app/shell/use-session-watch';
import { ErrorNote } from '@/components/error-note';
import { Identities } from '@/components/identities';
import { Section } from '@/components/section';
import { rememberWay } from '@/lib/oidc-way';

export function OidcLink() {
  const { t } = useTranslation();
  const user = useUser();
  const oidc = useQuery(oidcQuery);
  const start = useMutation({
    mutationFn: startOidcLink,
    onSuccess: (address) => {
      rememberWay({ link: true, next: '/profile' });
      window.location.assign(address);
    },
  });
  const identities = useQuery(identitiesQuery('me'));
  const isLinked = (identities.data ?? []).length > 0;
  if (!oidc.data?.is_enabled && !isLinked) return null;
  return (
    <Section title={t('oidc.link')}>
      <Stack gap="sm" py={4}>
        {isLinked && <Identities of="me" name={user?.username ?? ''} />}
        {!isLinked && oidc.data && (
          <>
            <Text size="sm">{t('oidc.linkAbout', { name: oidc.data.name })}</Text>
            {start.error !== null && <ErrorNote error={start.error} />}
            <Group justify="flex-end">
              <Button variant="default" loading={start.isPending || start.isSuccess} onClick={() => start.mutate()}>
                {t('oidc.linkAction', { name: oidc.data.name })}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Section>
  );
}
