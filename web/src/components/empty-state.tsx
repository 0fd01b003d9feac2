// SPDX-License-Identifier: MIT
//
// Nothing is here yet: why, and what to do next.

import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons';
import classes from './empty-state.module.css';

interface Props {
  icon: IconName;
  title: string;
  text: string;
  action?: ReactNode;
}

export function EmptyState({ icon, title, text, action }: Props) {
  return (
    <div className={classes.box}>
      <span className={classes.icon}><Icon name={icon} size={22} /></span>
      <p className={classes.title}>{title}</p>
      <p className={classes.text}>{text}</p>
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}
