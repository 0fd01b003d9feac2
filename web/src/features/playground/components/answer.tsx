// SPDX-License-Identifier: MIT
//
// The answer as it comes, and how long it took as seen from here.

import { useTranslation } from 'react-i18next';
import { CodeBlock } from '@/components/code-block';
import { EmptyState } from '@/components/empty-state';
import { Figures } from '@/components/figures';
import { Section } from '@/components/section';
import { StateLabel, type Tone } from '@/components/state-label';
import { formatSpan } from '@/lib/format';
import type { Exchange } from '../hooks/use-exchange';
import classes from '../page.module.css';

const TONES: Record<Exchange['state'], Tone> = { running: 'idle', done: 'ok', stopped: 'warn', failed: 'bad' };

export function Answer({ exchange }: { exchange: Exchange | null }) {
  const { t, i18n } = useTranslation();
  if (exchange === null) {
    return (
      <Section title={t('playground.answer')}>
        <EmptyState icon="playground" title={t('playground.emptyTitle')} text={t('playground.emptyText')} />
      </Section>
    );
  }
  return (
    <Section
      title={t('playground.answer')}
      end={
        <StateLabel tone={TONES[exchange.state]} detail={exchange.status === null ? null : `HTTP ${exchange.status}`}>
          {t(`playground.state.${exchange.state}`)}
        </StateLabel>
      }
    >
      {exchange.refusal === null ? (
        // It scrolls, so the keyboard must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className={classes.text} tabIndex={0} aria-live="polite" data-testid="answer">{exchange.text}</pre>
      ) : (
        <CodeBlock text={pretty(exchange.refusal)} label={t('common.copy')} testId="refusal" />
      )}
      <div className={classes.figures}>
        <Figures
          figures={[
            { label: t('playground.firstByte'), value: formatSpan(exchange.firstByteMs, i18n.language) },
            { label: t('playground.duration'), value: formatSpan(exchange.durationMs, i18n.language) },
          ]}
        />
      </div>
    </Section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
