// SPDX-License-Identifier: MIT
//
// A state as a dot and a word. The word says it; the colour only helps the eye.

import type { ReactNode } from 'react';
import classes from './state-label.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'idle';

interface Props {
  tone: Tone;
  children: ReactNode;
  /** What stands behind the word, in dimmed text: a countdown, a reason. */
  detail?: ReactNode;
}

export function StateLabel({ tone, children, detail }: Props) {
  return (
    <span className={classes.label} data-tone={tone}>
      <span className={classes.dot} />
      <span>
        {children}
        {detail !== undefined && detail !== null && <> <span className={classes.detail}>{detail}</span></>}
      </span>
    </span>
  );
}
