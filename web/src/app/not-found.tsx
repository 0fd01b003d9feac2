// SPDX-License-Identifier: MIT
//
// An address that leads nowhere.

import { Center, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '@/components/links';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" gap="xs" maw={380} ta="center">
        <Title order={1} size="lg">{t('notFound.title')}</Title>
        <Text c="dimmed">{t('notFound.text')}</Text>
        <ButtonLink to="/logs" mt="sm">{t('notFound.action')}</ButtonLink>
      </Stack>
    </Center>
  );
}
