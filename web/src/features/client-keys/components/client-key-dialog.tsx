// SPDX-License-Identifier: MIT
//
// A new client key, or changes to one.

import { NumberInput, SegmentedControl, Input, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientKey, ClientKeyCreated } from '@/api/types';
import { ExpiryInput } from '@/components/expiry-input';
import { FormDialog } from '@/components/form-dialog';
import type { PoolGroup } from '../fns/pool';
import { useClientKeyForm } from '../hooks/use-client-key-form';
import { PoolPicker } from './pool-picker';

interface Props {
  clientKey: ClientKey | null;
  groups: PoolGroup[];
  readAt: number;
  onCreated: (created: ClientKeyCreated) => void;
  onClose: () => void;
}

const STRATEGIES = ['round_robin', 'weighted'] as const;

export function ClientKeyDialog({ clientKey, groups, readAt, onCreated, onClose }: Props) {
  const { t } = useTranslation();
  const { form, save } = useClientKeyForm({ clientKey, onCreated, onClose });
  const isNew = clientKey === null;

  return (
    <FormDialog
      title={isNew ? t('clientKeys.form.titleNew') : t('clientKeys.form.titleEdit', { name: clientKey.name })}
      action={isNew ? t('clientKeys.form.create') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput
        label={t('common.name')}
        description={t('clientKeys.form.nameAbout')}
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <PoolPicker
        groups={groups}
        readAt={readAt}
        value={form.values.provider_key_ids}
        onChange={(ids) => form.setFieldValue('provider_key_ids', ids)}
        error={form.errors['provider_key_ids']}
      />
      <Input.Wrapper
        label={t('clientKeys.strategy')}
        description={t(`clientKeys.form.strategyAbout.${form.values.strategy}`)}
        labelElement="div"
      >
        <div>
          <SegmentedControl
            mt={6}
            size="xs"
            aria-label={t('clientKeys.strategy')}
            data={[...new Set([...STRATEGIES, form.values.strategy])].map((value) => ({ value, label: t(`strategy.${value}`) }))}
            {...form.getInputProps('strategy')}
          />
        </div>
      </Input.Wrapper>
      <NumberInput
        label={t('clientKeys.limit')}
        description={t('clientKeys.form.limitAbout')}
        placeholder={t('clientKeys.noLimit')}
        min={0}
        allowDecimal={false}
        thousandSeparator=" "
        {...form.getInputProps('requests_per_minute')}
      />
      <Switch
        label={t('clientKeys.form.retryAfterTimeout')}
        description={t('clientKeys.form.retryAfterTimeoutAbout')}
        {...form.getInputProps('retry_after_timeout', { type: 'checkbox' })}
      />
      <ExpiryInput
        value={form.values.expires_at}
        onChange={(at) => form.setFieldValue('expires_at', at)}
        error={form.errors['expires_at']}
      />
    </FormDialog>
  );
}
