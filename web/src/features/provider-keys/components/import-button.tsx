// SPDX-License-Identifier: MIT
//
// The way to the import of many provider keys.

import { Button } from '@mantine/core';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ImportDialog } from './import-dialog';

export function ImportButton(props: Omit<ComponentProps<typeof ImportDialog>, 'onClose'>) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>{t('providerKeys.import.action')}</Button>
      {opened && <ImportDialog {...props} onClose={() => setOpened(false)} />}
    </>
  );
}
