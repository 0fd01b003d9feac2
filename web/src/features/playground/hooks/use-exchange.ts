// SPDX-License-Identifier: MIT
//
// One request through the gateway: its answer as it comes, and its times.

import { useRef, useState } from 'react';
import { sendToGateway } from '@/api/gateway';
import { type Question, requestFor, textIn } from '../fns/dialects';
import { EventStream } from '../fns/event-stream';

export interface Exchange {
  state: 'running' | 'done' | 'stopped' | 'failed';
  status: number | null;
  requestId: string | null;
  text: string;
  /** What was answered when it was not the answer that was asked for. */
  refusal: string | null;
  firstByteMs: number | null;
  durationMs: number | null;
}

const BEGIN: Exchange = {
  state: 'running', status: null, requestId: null, text: '', refusal: null, firstByteMs: null, durationMs: null,
};

export function useExchange() {
  const [exchange, setExchange] = useState<Exchange | null>(null);
  const abort = useRef<AbortController | null>(null);

  const send = async (key: string, question: Question) => {
    const control = new AbortController();
    abort.current = control;
    const started = performance.now();
    const since = () => performance.now() - started;
    const update = (changes: Partial<Exchange>) =>
      setExchange((before) => ({ ...(before ?? BEGIN), ...changes }));
    setExchange(BEGIN);
    try {
      const answer = await sendToGateway(key, requestFor(question), control.signal);
      update({ status: answer.status, requestId: answer.headers.get('X-Request-Id') });
      if (!answer.ok) {
        update({ state: 'failed', refusal: await answer.text(), durationMs: since() });
        return;
      }
      await read(answer, question, (text) =>
        setExchange((before) => {
          const now = before ?? BEGIN;
          return { ...now, text: now.text + text, firstByteMs: now.firstByteMs ?? since() };
        }),
      );
      update({ state: 'done', durationMs: since() });
    } catch (error) {
      const isStopped = control.signal.aborted;
      update({
        state: isStopped ? 'stopped' : 'failed',
        refusal: isStopped ? null : String(error),
        durationMs: since(),
      });
    }
  };
  return { exchange, send, stop: () => abort.current?.abort() };
}

async function read(answer: Response, { dialect, isStreamed }: Question, onText: (text: string) => void) {
  if (!isStreamed || answer.body === null) {
    onText(textIn(dialect, await answer.json()));
    return;
  }
  const events = new EventStream();
  const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  // Each piece comes after the one before it.
  // oxlint-disable-next-line no-await-in-loop
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
    const text = events.push(piece.value).map((data) => textIn(dialect, parsed(data))).join('');
    if (text !== '') onText(text);
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
