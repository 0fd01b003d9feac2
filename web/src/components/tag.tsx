// SPDX-License-Identifier: MIT
//
// A small word in a box: a dialect, a strategy, a header's name.

import type { ReactNode } from 'react';
import classes from './tag.module.css';

export function Tag({ children, title }: { children: ReactNode; title?: string }) {
  return <span className={classes.tag} title={title}>{children}</span>;
}
