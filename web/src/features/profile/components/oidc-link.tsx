// SPDX-License-Identifier: MIT
//
// From then on an account at the OpenID provider signs this user in.

import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { oidcQuery, startOidcLink } from '@/api/oidc';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { rememberWay } from '@/lib/oidc-way';

export function OidcLink() {
  const { t } = useTranslation();
  const oidc = useQuery(oidcQuery);
  const start = useMutation({
    mutationFn: startOidcLink,
    onSuccess: (address) => {
      rememberWay({ link: true, next: '/profile' });
      window.location.assign(address);
    },
  });
  if (!oidc.data?.is_enabled) return null;
  return (
    <Section title={t('oidc.link')}>
      <Stack gap="sm" py={4}>
        <Text size="sm">{t('oidc.linkAbout', { name: oidc.data.name })}</Text>
        {start.error !== null && <ErrorNote error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" loading={start.isPending || start.isSuccess} onClick={() => start.mutate()}>
            {t('oidc.linkAction', { name: oidc.data.name })}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
