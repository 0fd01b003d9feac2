// SPDX-License-Identifier: MIT
//
// The head of a page (what it is, what can be done) and the room below it.

import { Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './page.module.css';

interface Props {
  title: string;
  about?: string;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, about, actions, children }: Props) {
  // The browser's tab is outside of React.
  useEffect(() => {
    document.title = `${title} · aiproxy`;
  }, [title]);

  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.words}>
          <Title order={1} className={classes.title}>{title}</Title>
          {about !== undefined && <p className={classes.about}>{about}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
