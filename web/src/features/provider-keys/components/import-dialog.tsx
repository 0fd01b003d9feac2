// SPDX-License-Identifier: MIT
//
// Many provider keys at once, a line each. Lines that could not be imported
// stay in the field, to be mended and tried again.

import { Select, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { StateLabel, type Tone } from '@/components/state-label';
import { errorTexts } from '@/lib/error-texts';
import { readImport, writeImport } from '../fns/import';
import { type ImportResult, useImport } from '../hooks/use-import';
import classes from './import-dialog.module.css';

interface Props {
  providers: Provider[];
  /** The provider chosen in the list. */
  provider: number | undefined;
  /** The names that are in use. */
  taken: string[];
  onClose: () => void;
}

export function ImportDialog({ providers, provider, taken, onClose }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(provider?.toString() ?? null);
  const [text, setText] = useState('');
  const [isUnchosen, setUnchosen] = useState(false);
  const { run, results } = useImport();
  const into = providers.find((row) => String(row.id) === chosen);
  const lines = readImport(text, into?.name ?? '', taken);
  const isDone = results.length > 0 && !run.isPending && lines.length === 0;

  const actionOf = (done: boolean, count: number) => {
    if (done) return t('common.close');
    return count === 0 ? t('providerKeys.import.action') : t('providerKeys.import.begin', { count });
  };
  const begin = () => {
    if (isDone) return onClose();
    setUnchosen(into === undefined);
    if (into === undefined || lines.length === 0) return;
    run.mutate({ provider_id: into.id, lines }, { onSuccess: (failed) => setText(writeImport(failed)) });
  };

  return (
    <FormDialog
      title={t('providerKeys.import.title')}
      action={actionOf(isDone, lines.length)}
      pending={run.isPending}
      error={run.error}
      onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}
      onClose={onClose}
    >
      <Select
        label={t('providerKeys.provider')}
        placeholder={t('providerKeys.form.providerChoose')}
        data={providers.map((row) => ({ value: String(row.id), label: row.name }))}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('common.noMatchTitle')}
        value={chosen}
        onChange={setChosen}
        error={isUnchosen && into === undefined ? t('providerKeys.form.providerMissing') : null}
      />
      <Textarea
        label={t('providerKeys.import.lines')}
        description={t('providerKeys.import.about')}
        placeholder={'team-a, sk-…\nteam-b, sk-…'}
        autosize
        minRows={5}
        maxRows={14}
        autoComplete="off"
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        disabled={run.isPending}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {results.length > 0 && <Results results={results} />}
    </FormDialog>
  );
}

const TONES: Record<ImportResult['state'], Tone> = { waiting: 'idle', running: 'warn', created: 'ok', failed: 'bad' };

function Results({ results }: { results: ImportResult[] }) {
  const { t } = useTranslation();
  const count = results.filter(({ state }) => state === 'created').length;
  return (
    <div>
      <Text size="sm" fw={600} mb={4} role="status">
        {t('providerKeys.import.done', { count, all: results.length })}
      </Text>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul className={classes.results} aria-label={t('providerKeys.import.results')} tabIndex={0}>
        {results.map(({ line, state, error }, index) => (
          // The same line may be there twice.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <span className={classes.name}>{line.name}</span>
            <StateLabel tone={TONES[state]} detail={error === null ? null : whyOf(error, t)}>
              {t(`providerKeys.import.state.${state}`)}
            </StateLabel>
          </li>
        ))}
      </ul>
    </div>
  );
}

function whyOf(error: Error, t: Parameters<typeof errorTexts>[1]): string {
  const { title, said } = errorTexts(error, t);
  return said ?? title;
}
