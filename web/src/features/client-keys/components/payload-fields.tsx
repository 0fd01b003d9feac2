// SPDX-License-Identifier: MIT
//
// Whether what a client key's requests say is kept, and what of it is hidden.

import { Input, NumberInput, SegmentedControl, Stack, Switch, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { Notice } from '@/components/notice';
import { listError } from '@/lib/server-fields';
import type { ClientKeyFields } from '../fns/form';

const PARTS = ['off', 'request', 'answer', 'both'] as const;

export function PayloadFields({ form }: { form: UseFormReturnType<ClientKeyFields> }) {
  const { t } = useTranslation();
  const on = form.values.payload_log.parts !== 'off';
  return (
    <Stack gap="sm">
      <Input.Wrapper label={t('clientKeys.payload.parts')} labelElement="div">
        <div>
          <SegmentedControl
            mt={6}
            size="xs"
            aria-label={t('clientKeys.payload.parts')}
            data={PARTS.map((value) => ({ value, label: t(`clientKeys.payload.part.${value}`) }))}
            {...form.getInputProps('payload_log.parts')}
          />
        </div>
      </Input.Wrapper>
      {on && (
        <>
          <Notice tone="warn" title={t('clientKeys.payload.warning')}>{t('clientKeys.payload.warningText')}</Notice>
          <NumberInput
            label={t('clientKeys.payload.maxBytes')}
            description={t('clientKeys.payload.maxBytesAbout')}
            placeholder="65 536"
            min={1}
            max={1_048_576}
            allowDecimal={false}
            thousandSeparator=","
            {...form.getInputProps('payload_log.max_bytes')}
          />
          <Switch
            label={t('clientKeys.payload.defaults')}
            description={t('clientKeys.payload.defaultsAbout')}
            {...form.getInputProps('payload_log.hide_defaults', { type: 'checkbox' })}
          />
          <TagsInput
            label={t('clientKeys.payload.paths')}
            description={t('clientKeys.payload.pathsAbout')}
            {...form.getInputProps('payload_log.hide_paths')}
            error={listError(form.errors, 'payload_log.hide_paths')}
          />
          <TagsInput
            label={t('clientKeys.payload.patterns')}
            description={t('clientKeys.payload.patternsAbout')}
            {...form.getInputProps('payload_log.hide_patterns')}
            error={listError(form.errors, 'payload_log.hide_patterns')}
          />
        </>
      )}
    </Stack>
  );
}
