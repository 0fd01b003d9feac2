// SPDX-License-Identifier: MIT
//
// A page that could not be loaded or drawn. After an update of the gateway an
// open tab asks for files that are gone; loading the page anew mends that.

import { Button, Center, Code, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function PageFailure({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" gap="xs" maw={460} ta="center" role="alert">
        <Title order={1} size="lg">{t('pageFailure.title')}</Title>
        <Text c="dimmed">{t('pageFailure.text')}</Text>
        <Code block maw="100%">{error instanceof Error ? error.message : String(error)}</Code>
        <Button mt="sm" onClick={() => location.reload()}>{t('pageFailure.action')}</Button>
      </Stack>
    </Center>
  );
}
