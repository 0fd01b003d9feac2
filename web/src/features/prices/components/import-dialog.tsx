// SPDX-License-Identifier: MIT
//
// A price list from a file: what it changes is shown before it is done.

import { FileInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importPrices, previewImport, pricesQuery, unpricedQuery } from '@/api/prices';
import type { PriceDiff, PriceImportPreview } from '@/api/types';
import { FormDialog } from '@/components/form-dialog';
import { fromLocalInput } from '@/lib/local-time';
import { notifyDone } from '@/lib/notify';
import { DiffTable } from './diff-table';

interface Reviewed {
  body: PriceImportPreview;
  diff: PriceDiff;
}

async function review(file: File, from: string): Promise<Reviewed> {
  const body: PriceImportPreview = {
    format: file.name.endsWith('.json') ? 'json' : 'csv',
    content: await file.text(),
    effective_from: fromLocalInput(from),
  };
  return { body, diff: await previewImport(body) };
}

function useImport(onClose: () => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const looked = useMutation({
    mutationFn: ({ file, from }: { file: File; from: string }) => review(file, from),
    gcTime: 0,
  });
  const taken = useMutation({
    mutationFn: ({ body, diff }: Reviewed) => importPrices({ ...body, table_version: diff.table_version }),
    onSuccess: (diff) => {
      void cache.invalidateQueries({ queryKey: pricesQuery.queryKey });
      void cache.invalidateQueries({ queryKey: unpricedQuery.queryKey });
      notifyDone(t('prices.import.done', { count: diff.items.length }));
      onClose();
    },
    // What was reviewed may be what is no more.
    onError: () => looked.reset(),
    gcTime: 0,
  });
  return { looked, taken };
}

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [from, setFrom] = useState('');
  const { looked, taken } = useImport(onClose);
  const diff = looked.data?.diff;
  const ready = looked.data !== undefined && looked.data.diff.items.length > 0 ? looked.data : null;
  const forget = () => {
    looked.reset();
    taken.reset();
  };
  return (
    <FormDialog
      title={t('prices.import.title')}
      action={ready !== null ? t('prices.import.apply', { count: ready.diff.items.length }) : t('prices.import.review')}
      pending={looked.isPending || taken.isPending}
      error={looked.error ?? taken.error}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready !== null) taken.mutate(ready);
        else if (file !== null) looked.mutate({ file, from });
      }}
      onClose={onClose}
    >
      <FileInput
        label={t('prices.import.file')}
        description={t('prices.import.fileAbout')}
        placeholder={t('prices.import.choose')}
        accept=".csv,.json,text/csv,application/json"
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          forget();
        }}
      />
      <TextInput
        type="datetime-local"
        label={t('prices.set.effective')}
        description={t('prices.set.effectiveAbout')}
        value={from}
        onChange={(event) => {
          setFrom(event.currentTarget.value);
          forget();
        }}
      />
      {diff !== undefined && (
        <>
          <Text size="sm" role="status">
            {diff.items.length === 0
              ? t('prices.import.nothing')
              : t('prices.import.counts', { added: diff.added, changed: diff.changed, unchanged: diff.unchanged })}
          </Text>
          {diff.items.length > 0 && <DiffTable items={diff.items} />}
        </>
      )}
    </FormDialog>
  );
}
