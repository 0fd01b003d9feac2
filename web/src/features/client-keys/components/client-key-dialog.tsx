// SPDX-License-Identifier: MIT
//
// A new client key, or changes to one. What has a good default is folded away.

import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientKey, ClientKeyCreated } from '@/api/types';
import { ExpiryInput } from '@/components/expiry-input';
import { Folds } from '@/components/folds';
import { FormDialog } from '@/components/form-dialog';
import { OwnerSelect } from '@/components/owner-select';
import { useRights } from '@/app/shell/use-rights';
import { LIMIT_FIELDS } from '@/lib/limits';
import type { PoolGroup } from '../fns/pool';
import { useClientKeyForm } from '../hooks/use-client-key-form';
import { AbortFields, FailoverFields, RestrictionFields, StickyFields } from './client-key-fields';
import { LimitFields } from './limit-fields';
import { PayloadFields } from './payload-fields';
import { PoolPicker } from './pool-picker';

interface Props {
  clientKey: ClientKey | null;
  groups: PoolGroup[];
  readAt: number;
  onCreated: (created: ClientKeyCreated) => void;
  onClose: () => void;
}

const STRATEGIES = [
  'round_robin', 'weighted', 'least_in_flight', 'latency', 'priority', 'health', 'sticky',
] as const;

export function ClientKeyDialog({ clientKey, groups, readAt, onCreated, onClose }: Props) {
  const { t } = useTranslation();
  const { form, save } = useClientKeyForm({ clientKey, onCreated, onClose });
  const isNew = clientKey === null;
  const { operates } = useRights();

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
      <Select
        label={t('clientKeys.strategy')}
        description={t(`clientKeys.form.strategyAbout.${form.values.strategy}`)}
        allowDeselect={false}
        data={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
        {...form.getInputProps('strategy')}
      />
      {form.values.strategy === 'sticky' && <StickyFields form={form} />}
      <OwnerSelect
        label={t('clientKeys.owner')}
        description={t('clientKeys.ownerAbout')}
        placeholder={t('clientKeys.ownerNobody')}
        value={form.values.user_id}
        onChange={(id) => form.setFieldValue('user_id', id)}
        error={form.errors['user_id']}
      />
      <ExpiryInput
        value={form.values.expires_at}
        onChange={(at) => form.setFieldValue('expires_at', at)}
        error={form.errors['expires_at']}
      />
      <Folds
        errors={form.errors}
        parts={[
          { id: 'limits', label: t('clientKeys.part.limits'), fields: new RegExp(`${LIMIT_FIELDS.source}|^(local_percent|max_output_tokens)$`), content: <LimitFields form={form} /> },
          { id: 'restrictions', label: t('clientKeys.part.restrictions'), fields: /^allowed_/, content: <RestrictionFields form={form} groups={groups} /> },
          { id: 'failover', label: t('clientKeys.part.failover'), fields: /^(max_attempts|attempts_within_ms|retry_|park_ms)/, content: <FailoverFields form={form} /> },
          { id: 'abort', label: t('clientKeys.part.abort'), fields: /^(on_abort|drain_)/, content: <AbortFields form={form} /> },
          ...(operates ? [{ id: 'payload', label: t('clientKeys.part.payload'), fields: /^payload_log/, content: <PayloadFields form={form} /> }] : []),
        ]}
      />
    </FormDialog>
  );
}
