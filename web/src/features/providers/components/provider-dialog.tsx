// SPDX-License-Identifier: MIT
//
// A new provider, or changes to one. What has a good default is folded away.

import { MultiSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from '@/api/types';
import { Folds } from '@/components/folds';
import { FormDialog } from '@/components/form-dialog';
import { changedFields } from '@/lib/changes';
import { credentialFor, DIALECTS, fieldsFromJson, providerBody, type ProviderFields } from '../fns/form';
import { useProviderForm } from '../hooks/use-provider-form';
import { ConnectionTest } from './connection-test';
import { ProbeFields } from './probe-fields';
import { AnswerFields, CredentialFields, HeaderFields, OAuthFields, PassingFields, TimeoutFields, TlsFields } from './provider-fields';
import { ModelFields, VerdictFields } from './provider-rules';
import { ProviderJson } from './provider-json';

interface Props {
  provider: Provider | null;
  onClose: () => void;
}

const PARTS = [
  { id: 'credential', fields: /^credential/, Fields: CredentialFields },
  { id: 'headers', fields: /^required_headers/, Fields: HeaderFields },
  { id: 'timeouts', fields: /_timeout_ms$/, Fields: TimeoutFields },
  { id: 'tls', fields: /^tls_/, Fields: TlsFields },
  { id: 'answers', fields: /^(ask_usage|price_list|usage_mapping)$/, Fields: AnswerFields },
  { id: 'passing', fields: /^(allowed_headers|egress|websocket)/, Fields: PassingFields },
  { id: 'oauth', fields: /^oauth/, Fields: OAuthFields },
  { id: 'models', fields: /^model_rules/, Fields: ModelFields },
  { id: 'verdicts', fields: /^verdict_/, Fields: VerdictFields },
  { id: 'probes', fields: /^probe/, Fields: ProbeFields },
] as const;

export function ProviderDialog({ provider, onClose }: Props) {
  const { t } = useTranslation();
  const { form, save } = useProviderForm(provider, onClose);
  const isNew = provider === null;

  const [json, setJson] = useState<string | null>(null);
  const [isJsonWrong, setJsonWrong] = useState(false);
  /** Takes the JSON text over into the form; says whether it could. */
  const readJson = (): ProviderFields | null => {
    const fields = json === null ? form.values : fieldsFromJson(json, form.values);
    setJsonWrong(fields === null);
    if (fields !== null) form.setValues(fields);
    return fields;
  };
  const chooseMode = (mode: string) => {
    if (mode === 'json') setJson(JSON.stringify(providerBody(form.values), null, 2));
    else if (readJson() !== null) setJson(null);
  };

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
      onSubmit={(event) => {
        if (json === null) return form.onSubmit((fields) => save.mutate(fields))(event);
        event.preventDefault();
        const fields = readJson();
        if (fields !== null) save.mutate(fields);
      }}
      onClose={onClose}
    >
      <SegmentedControl
        size="xs"
        aria-label={t('providers.json.mode')}
        value={json === null ? 'form' : 'json'}
        onChange={chooseMode}
        data={(['form', 'json'] as const).map((value) => ({ value, label: t(`providers.json.${value}`) }))}
        style={{ alignSelf: 'flex-start' }}
      />
      {json !== null && <ProviderJson text={json} isWrong={isJsonWrong} onChange={setJson} />}
      {json === null && <>
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
      <ConnectionTest
        order={{
          base_url: form.values.base_url.trim(),
          tls_verify: form.values.tls_verify,
          tls_name: form.values.tls_name === '' ? null : form.values.tls_name,
        }}
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
      <Folds
        errors={form.errors}
        parts={PARTS.map(({ id, fields, Fields }) => ({
          id, fields, label: t(`providers.part.${id}`), content: <Fields form={form} />,
        }))}
      />
      </>}
    </FormDialog>
  );
}
