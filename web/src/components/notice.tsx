// SPDX-License-Identifier: MIT
//
// What must be seen before one goes on: a warning, or a failure.

import type { ReactNode } from 'react';
import { Icon } from './icons';
import classes from './notice.module.css';

interface Props {
  tone: 'warn' | 'bad';
  title?: string;
  role?: 'alert' | 'note';
  children: ReactNode;
}

export function Notice({ tone, title, role = 'note', children }: Props) {
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <span className={classes.icon}><Icon name="warning" /></span>
      <div className={classes.words}>
        {title !== undefined && <p className={classes.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
