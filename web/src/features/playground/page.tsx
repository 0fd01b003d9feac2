// SPDX-License-Identifier: MIT
//
// A request through the gateway with any client key: its answer as it comes,
// what it cost, and how its provider key was found.

import { useTranslation } from 'react-i18next';
import { Page } from '@/components/page';
import { Answer } from './components/answer';
import { QuestionForm } from './components/question-form';
import { Trail } from './components/trail';
import { useExchange } from './hooks/use-exchange';
import classes from './page.module.css';

export function PlaygroundPage() {
  const { t } = useTranslation();
  const { exchange, send, stop } = useExchange();
  const isOver = exchange !== null && exchange.state !== 'running';
  return (
    <Page title={t('playground.title')} about={t('playground.about')}>
      <div className={classes.sides}>
        <QuestionForm isRunning={exchange?.state === 'running'} onSend={send} onStop={stop} />
        <div className={classes.answer}>
          <Answer exchange={exchange} />
          {isOver && exchange.requestId !== null && <Trail requestId={exchange.requestId} />}
        </div>
      </div>
    </Page>
  );
}
