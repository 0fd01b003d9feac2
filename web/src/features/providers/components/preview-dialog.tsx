// SPDX-License-Identifier: MIT
//
// What a provider would see of a request, and whether its definition holds:
// its host resolves, and it speaks what the path means. Nothing is sent.

import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { previewProvider } from '@/api/providers';
import type { Preview, Provider } from '@/api/types';
import { CodeBlock } from '@/components/code-block';
import { ErrorNote } from '@/components/error-note';
import { Facts } from '@/components/section';
import { StateLabel } from '@/components/state-label';
import { Tag } from '@/components/tag';
import { useReturnFocus } from '@/lib/return-focus';
import { DIALECTS } from '../fns/form';
import { sampleBody, sampleFor } from '../fns/sample';

interface Props {
  provider: Provider;
  onClose: () => void;
}

export function PreviewDialog({ provider, onClose }: Props) {
  const { t } = useTranslation();
  useReturnFocus();
  const [sample, setSample] = useState(() => sampleFor(provider));
  const preview = useMutation({ mutationFn: () => previewProvider(provider.id, sampleBody(sample)) });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('providers.preview.title', { name: provider.name })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          preview.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t('providers.preview.about')}</Text>
          <Group gap="sm" align="flex-start">
            <TextInput
              w={90}
              label={t('providers.preview.method')}
              value={sample.method}
              onChange={(event) => setSample({ ...sample, method: event.currentTarget.value })}
            />
            <TextInput
              flex="1 1 220px"
              label={t('providers.preview.path')}
              data-autofocus
              value={sample.path}
              onChange={(event) => setSample({ ...sample, path: event.currentTarget.value })}
            />
          </Group>
          <Textarea
            label={t('providers.preview.headers')}
            description={t('providers.preview.headersAbout')}
            autosize
            minRows={4}
            maxRows={12}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            value={sample.headers}
            onChange={(event) => setSample({ ...sample, headers: event.currentTarget.value })}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={preview.isPending}>{t('providers.preview.show')}</Button>
          </Group>
          {preview.error !== null && <ErrorNote error={preview.error} />}
          {preview.data !== undefined && <Seen provider={provider} preview={preview.data} />}
        </Stack>
      </form>
    </Modal>
  );
}

function Seen({ provider, preview }: { provider: Provider; preview: Preview }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" aria-live="polite">
      <CodeBlock text={preview.head.replaceAll('\r\n', '\n').trimEnd()} label={t('common.copy')} testId="preview-head" />
      <Facts
        facts={[
          { label: t('providers.preview.address'), value: preview.address },
          { label: t('providers.preview.resolves'), value: <Resolution provider={provider} /> },
          { label: t('providers.preview.means'), value: <Meaning provider={provider} dialect={preview.dialect} /> },
          {
            label: t('providers.preview.removed'),
            value: preview.removed.length === 0
              ? t('providers.preview.nothingRemoved')
              : preview.removed.map((name) => <Tag key={name}>{name}</Tag>),
          },
        ]}
      />
    </Stack>
  );
}

function Resolution({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  if (provider.resolve_error !== null) {
    return <StateLabel tone="bad" detail={provider.resolve_error}>{t('providers.unresolved')}</StateLabel>;
  }
  if (provider.addresses.length === 0) return <StateLabel tone="idle">{t('providers.notYetResolved')}</StateLabel>;
  return <StateLabel tone="ok">{provider.addresses.join(', ')}</StateLabel>;
}

function Meaning({ provider, dialect }: { provider: Provider; dialect: string }) {
  const { t } = useTranslation();
  const known = DIALECTS.find((one) => one === dialect);
  if (known === undefined) return <StateLabel tone="idle">{t('dialect.other')}</StateLabel>;
  const isSpoken = provider.dialects.includes(known);
  return (
    <StateLabel tone={isSpoken ? 'ok' : 'warn'} detail={isSpoken ? null : t('providers.preview.notSpoken')}>
      {t(`dialect.${known}`)}
    </StateLabel>
  );
}
