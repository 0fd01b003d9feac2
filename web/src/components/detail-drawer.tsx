// SPDX-License-Identifier: MIT
//
// One configured object, whole, beside its list.

import { Drawer, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReturnFocus } from '@/lib/return-focus';
import classes from './detail-drawer.module.css';

interface Props {
  title: string;
  state: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

export function DetailDrawer({ title, state, actions, onClose, children }: Props) {
  const { t } = useTranslation();
  useReturnFocus();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={720}
      padding={0}
      title={
        <div className={classes.what}>
          <Text fw={600} size="md" lineClamp={1}>{title}</Text>
          {state}
        </div>
      }
      closeButtonProps={{ 'aria-label': t('common.close') }}
      classNames={{ header: classes.header, title: classes.title, body: classes.body }}
    >
      <Stack p="md" gap="md">
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
        {children}
      </Stack>
    </Drawer>
  );
}
