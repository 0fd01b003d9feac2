// SPDX-License-Identifier: MIT
//
// The lists in a token issuer's form.

import { Group, Input, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ClientKey } from '@/api/types';
import { FormRows } from '@/components/form-rows';
import { listError } from '@/lib/server-fields';
import type { IssuerFields } from '../fns/issuer-form';

interface Props {
  form: UseFormReturnType<IssuerFields>;
}

export function ClaimClients({ form, clientKeys }: Props & { clientKeys: ClientKey[] }) {
  const { t } = useTranslation();
  return (
    <Input.Wrapper label={t('issuers.clients')} description={t('issuers.clientsAbout')} labelElement="div">
      <Stack gap="xs" mt={6}>
        <FormRows
          rows={form.values.clients}
          addLabel={t('issuers.clientAdd')}
          onAdd={() => form.insertListItem('clients', { value: '', client_key_id: '' })}
          onRemove={(index) => form.removeListItem('clients', index)}
        >
          {(_, index) => (
            <SimpleGrid cols={2} spacing="xs">
              <TextInput
                aria-label={t('issuers.claimValue')}
                placeholder={t('issuers.claimValue')}
                {...form.getInputProps(`clients.${index}.value`)}
              />
              <Select
                aria-label={t('issuers.clientKey')}
                placeholder={t('issuers.clientKey')}
                searchable
                allowDeselect={false}
                data={clientKeys.map((row) => ({ value: String(row.id), label: row.name }))}
                {...form.getInputProps(`clients.${index}.client_key_id`)}
              />
            </SimpleGrid>
          )}
        </FormRows>
      </Stack>
    </Input.Wrapper>
  );
}

export function GivenKeys({ form }: Props) {
  const { t } = useTranslation();
  const error = listError(form.errors, 'keys');
  return (
    <Input.Wrapper label={t('issuers.givenKeys')} description={t('issuers.givenKeysAbout')} error={error} labelElement="div">
      <Stack gap="xs" mt={6}>
        <FormRows
          rows={form.values.keys}
          addLabel={t('issuers.keyAdd')}
          onAdd={() => form.insertListItem('keys', { kid: '', kind: 'pem', text: '' })}
          onRemove={(index) => form.removeListItem('keys', index)}
        >
          {(key, index) => ('id' in key ? (
            <Text size="sm" ff="monospace">{key.label}</Text>
          ) : (
            <Stack gap={6}>
              <Group gap="xs">
                <SegmentedControl
                  size="xs"
                  aria-label={t('issuers.keyKind')}
                  data={(['pem', 'secret'] as const).map((value) => ({ value, label: t(`issuers.keyKindName.${value}`) }))}
                  {...form.getInputProps(`keys.${index}.kind`)}
                />
                <TextInput
                  size="xs"
                  flex={1}
                  aria-label={t('issuers.kid')}
                  placeholder={t('issuers.kid')}
                  {...form.getInputProps(`keys.${index}.kid`)}
                />
              </Group>
              <Textarea
                aria-label={t(`issuers.keyKindName.${key.kind}`)}
                autosize
                minRows={2}
                maxRows={8}
                spellCheck={false}
                autoComplete="off"
                {...form.getInputProps(`keys.${index}.text`)}
              />
            </Stack>
          ))}
        </FormRows>
      </Stack>
    </Input.Wrapper>
  );
}
