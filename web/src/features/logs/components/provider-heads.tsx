// SPDX-License-Identifier: MIT
//
// What the providers saw of a request, written anew: a record keeps no headers
// but the user agent.

import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { requestHeadQuery } from '@/api/providers';
import type { TraceDetail } from '@/api/types';
import { CodeBlock } from '@/components/code-block';
import { ErrorNote } from '@/components/error-note';
import { Section } from '@/components/section';
import { previewOf, providersOf } from '../fns/seen';

export function ProviderHeads({ record }: { record: TraceDetail }) {
  const { t } = useTranslation();
  const providers = providersOf(record);
  return (
    <Stack p="md" gap="md">
      <Text size="sm" c="dimmed">{t(providers.length === 0 ? 'logs.seen.none' : 'logs.seen.about')}</Text>
      {providers.map((provider) => <ProviderHead key={provider.id} provider={provider} record={record} />)}
    </Stack>
  );
}

function ProviderHead({ provider, record }: { provider: { id: number; name: string }; record: TraceDetail }) {
  const { t } = useTranslation();
  const preview = useQuery(requestHeadQuery(provider.id, record.request_id, previewOf(record)));
  return (
    <Section title={provider.name}>
      {preview.isPending && <Skeleton height={150} role="status" aria-label={t('common.loading')} />}
      {preview.error !== null && <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.data !== undefined && (
        <CodeBlock text={preview.data.head.replaceAll('\r\n', '\n').trimEnd()} label={t('common.copy')} testId="seen-head" />
      )}
    </Section>
  );
}
