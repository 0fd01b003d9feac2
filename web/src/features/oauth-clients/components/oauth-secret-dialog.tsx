// SPDX-License-Identifier: MIT
//
// The secret of an OAuth client when it is made, and how to get a token with it.

import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OAuthClientCreated } from '@/api/types';
import { CodeBlock } from '@/components/code-block';
import { SecretDialog } from '@/components/secret-dialog';
import { rememberedGateway } from '@/lib/gateway';

export function OAuthSecretDialog({ created, onClose }: { created: OAuthClientCreated; onClose: () => void }) {
  const { t } = useTranslation();
  const command = [
    `curl ${rememberedGateway()}/oauth2/token \\`,
    `  -u '${created.client_id}:${created.client_secret}' \\`,
    '  -d grant_type=client_credentials',
  ].join('\n');
  return (
    <SecretDialog
      title={t('oauthClients.shown', { name: created.name })}
      secret={created.client_secret}
      testId="client-secret"
      onClose={onClose}
    >
      <div>
        <Text fw={600} size="sm" mb={6}>{t('oauthClients.firstToken')}</Text>
        <CodeBlock text={command} label={t('examples.copy')} testId="example-token" />
      </div>
    </SecretDialog>
  );
}
