// SPDX-License-Identifier: MIT
//
// What went wrong, what to do, and the request id to look for in the daemon's
// log.

import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/error';
import { errorTexts } from '@/lib/error-texts';
import { Notice } from './notice';

interface Props {
  error: Error;
  onRetry?: (() => void) | undefined;
}

export function ErrorNote({ error, onRetry }: Props) {
  const { t } = useTranslation();
  const texts = errorTexts(error, t);
  return (
    <Notice tone="bad" title={texts.title} role="alert">
      <Text size="sm">{texts.advice}</Text>
      {texts.said !== null && (
        <Text size="xs" c="dimmed" mt={4}>{t('errors.said', { message: texts.said })}</Text>
      )}
      {error instanceof ApiError && error.requestId !== null && (
        <Text size="xs" c="dimmed">{t('errors.requestId', { id: error.requestId })}</Text>
      )}
      {onRetry !== undefined && (
        <Group mt="xs">
          <Button variant="default" onClick={onRetry}>{t('common.tryAgain')}</Button>
        </Group>
      )}
    </Notice>
  );
}
