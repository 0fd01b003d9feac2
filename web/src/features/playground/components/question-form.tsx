// SPDX-License-Identifier: MIT
//
// What is asked, with which client key. The key stays in this form: it is
// neither stored nor put into the address.

import {
  Autocomplete, Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, Textarea,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { pricesQuery } from '@/api/prices';
import { Section } from '@/components/section';
import { PLAYGROUND_DIALECTS, type Question } from '../fns/dialects';

interface Props {
  isRunning: boolean;
  onSend: (key: string, question: Question) => void;
  onStop: () => void;
}

const MAX_TOKENS = 512;
const CHOICES = 50;

export function QuestionForm({ isRunning, onSend, onStop }: Props) {
  const { t } = useTranslation();
  const prices = useQuery(pricesQuery);
  const form = useForm<Question & { key: string }>({
    initialValues: {
      key: '',
      dialect: 'openai_chat',
      model: '',
      system: '',
      message: t('playground.firstMessage'),
      maxTokens: MAX_TOKENS,
      isStreamed: true,
    },
    validate: {
      key: (value) => (value.trim() === '' ? t('playground.keyMissing') : null),
      model: (value) => (value.trim() === '' ? t('playground.modelMissing') : null),
      message: (value) => (value.trim() === '' ? t('playground.messageMissing') : null),
    },
  });
  const models = [...new Set((prices.data ?? []).map((price) => price.model))]
    .filter((model) => !model.includes('*'))
    .toSorted();

  return (
    <Section title={t('playground.question')}>
      <form onSubmit={form.onSubmit(({ key, ...question }) => onSend(key.trim(), question))} noValidate>
        <Stack gap="sm" py={4}>
          <PasswordInput
            label={t('playground.key')}
            description={t('playground.keyAbout')}
            placeholder="aip_…"
            autoComplete="off"
            spellCheck={false}
            visibilityToggleButtonProps={{ 'aria-label': t('playground.keyShow') }}
            {...form.getInputProps('key')}
          />
          <Select
            label={t('examples.dialect')}
            allowDeselect={false}
            data={PLAYGROUND_DIALECTS.map((value) => ({ value, label: t(`dialect.${value}`) }))}
            {...form.getInputProps('dialect')}
          />
          <Autocomplete
            label={t('logs.model')}
            data={models}
            limit={CHOICES}
            {...form.getInputProps('model')}
          />
          <Textarea label={t('playground.system')} autosize minRows={1} maxRows={6} {...form.getInputProps('system')} />
          <Textarea label={t('playground.message')} autosize minRows={3} maxRows={12} {...form.getInputProps('message')} />
          <NumberInput
            label={t('playground.maxTokens')}
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            {...form.getInputProps('maxTokens')}
          />
          <Switch label={t('playground.stream')} {...form.getInputProps('isStreamed', { type: 'checkbox' })} />
          <Group justify="flex-end">
            {isRunning && <Button variant="default" onClick={onStop}>{t('playground.stop')}</Button>}
            <Button type="submit" loading={isRunning}>{t('playground.send')}</Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
