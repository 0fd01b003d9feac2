// SPDX-License-Identifier: MIT
//
// A new provider, or changes to one. What has a good default is folded away.

import { Accordion, MultiSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { changedFields } from '@/lib/changes';
import { credentialFor, DIALECTS } from '../fns/form';
import { useProviderForm } from '../hooks/use-provider-form';
import { AnswerFields, CredentialFields, HeaderFields, TimeoutFields, TlsFields } from './provider-fields';

interface Props {
  provider: Provider | null;
  onClose: () => void;
}

const PARTS = [
  { id: 'credential', fields: /^credential/, Fields: CredentialFields },
  { id: 'headers', fields: /^required_headers/, Fields: HeaderFields },
  { id: 'timeouts', fields: /_timeout_ms$/, Fields: TimeoutFields },
  { id: 'tls', fields: /^tls_/, Fields: TlsFields },
  { id: 'answers', fields: /^(ask_usage|price_list)$/, Fields: AnswerFields },
] as const;

export function ProviderDialog({ provider, onClose }: Props) {
  const { t } = useTranslation();
  const { form, save } = useProviderForm(provider, onClose);
  const isNew = provider === null;
  const [opened, setOpened] = useState<string[]>([]);
  // A fold that hides a fault is no use: those stay open.
  const faulty = PARTS.filter(({ fields }) => Object.keys(form.errors).some((path) => fields.test(path)))
    .map(({ id }) => id);

  const chooseDialects = (chosen: string[]) => {
    const dialects = DIALECTS.filter((dialect) => chosen.includes(dialect));
    // The credential follows the dialect until somebody has changed it.
    const changed = changedFields(credentialFor(form.values.dialects), form.values.credential);
    if (isNew && Object.keys(changed).length === 0) {
      form.setFieldValue('credential', credentialFor(dialects));
    }
    form.setFieldValue('dialects', dialects);
  };

  return (
    <FormDialog
      title={isNew ? t('providers.form.titleNew') : t('providers.form.titleEdit', { name: provider.name })}
      action={isNew ? t('providers.form.create') : t('common.save')}
      pending={save.isPending}
      error={save.error}
      onSubmit={form.onSubmit((fields) => save.mutate(fields))}
      onClose={onClose}
    >
      <TextInput
        label={t('providers.name')}
        description={t('providers.form.nameAbout')}
        placeholder="my-provider"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <TextInput
        label={t('providers.baseUrl')}
        description={t('providers.form.baseUrlAbout')}
        placeholder="https://api.example.com"
        inputMode="url"
        {...form.getInputProps('base_url')}
      />
      <MultiSelect
        label={t('providers.dialects')}
        description={t('providers.form.dialectsAbout')}
        data={DIALECTS.map((value) => ({ value, label: t(`dialect.${value}`) }))}
        value={form.values.dialects}
        onChange={chooseDialects}
        error={form.errors['dialects']}
        searchable
      />
      <Accordion
        variant="contained"
        multiple
        value={[...new Set([...opened, ...faulty])]}
        onChange={setOpened}
        chevronPosition="left"
      >
        {PARTS.map(({ id, Fields }) => (
          <Accordion.Item key={id} value={id}>
            <Accordion.Control>{t(`providers.part.${id}`)}</Accordion.Control>
            <Accordion.Panel><Fields form={form} /></Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </FormDialog>
  );
}
