// SPDX-License-Identifier: MIT
//
// The way in by an OpenID provider, where there is one.

import { Button, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { oidcQuery, startOidc } from '@/api/oidc';
import { ErrorNote } from '@/components/error-note';
import { rememberWay } from '@/lib/oidc-way';

export function OidcButton({ next }: { next: string | undefined }) {
  const { t } = useTranslation();
  const oidc = useQuery(oidcQuery);
  const start = useMutation({
    mutationFn: startOidc,
    onSuccess: (address) => {
      rememberWay({ link: false, next: next ?? '/' });
      window.location.assign(address);
    },
  });
  if (!oidc.data?.is_enabled) return null;
  return (
    <Stack gap="sm">
      {start.error !== null && <ErrorNote error={start.error} />}
      <Button
        variant="default"
        size="sm"
        fullWidth
        loading={start.isPending || start.isSuccess}
        onClick={() => start.mutate()}
      >
        {t('signIn.oidc', { name: oidc.data.name })}
      </Button>
    </Stack>
  );
}
