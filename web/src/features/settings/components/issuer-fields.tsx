// SPDX-License-Identifier: MIT
//
// The lists in a token issuer's form. Rows have no identity of their own: they
// are what stands in them.

import { ActionIcon, Button, Group, Input, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ClientKey } from '@/api/types';
import { Icon } from '@/components/icons';
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
        {form.values.clients.map((_, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              flex={1}
              miw={0}
              aria-label={t('issuers.claimValue')}
              placeholder={t('issuers.claimValue')}
              {...form.getInputProps(`clients.${index}.value`)}
            />
            <Select
              flex={1}
              miw={0}
              aria-label={t('issuers.clientKey')}
              placeholder={t('issuers.clientKey')}
              searchable
              allowDeselect={false}
              data={clientKeys.map((row) => ({ value: String(row.id), label: row.name }))}
              {...form.getInputProps(`clients.${index}.client_key_id`)}
            />
            <ActionIcon mt={5} aria-label={t('issuers.remove')} onClick={() => form.removeListItem('clients', index)}>
              <Icon name="close" />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => form.insertListItem('clients', { value: '', client_key_id: '' })}
          >
            {t('issuers.clientAdd')}
          </Button>
        </Group>
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
        {form.values.keys.map((key, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
            {'id' in key ? (
              <Text flex={1} size="sm" ff="monospace">{key.label}</Text>
            ) : (
              <Stack gap={6} flex={1} miw={0}>
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
            )}
            <ActionIcon mt={3} aria-label={t('issuers.remove')} onClick={() => form.removeListItem('keys', index)}>
              <Icon name="close" />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => form.insertListItem('keys', { kid: '', kind: 'pem', text: '' })}
          >
            {t('issuers.keyAdd')}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
