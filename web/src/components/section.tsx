// SPDX-License-Identifier: MIT
//
// A titled box, and the list of facts that most of them hold.

import type { ReactNode } from 'react';
import classes from './section.module.css';

interface SectionProps {
  title: string;
  id?: string;
  end?: ReactNode;
  children: ReactNode;
}

export function Section({ title, id, end, children }: SectionProps) {
  return (
    <section className={classes.section} id={id}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        {end}
      </div>
      <div className={classes.body}>{children}</div>
    </section>
  );
}

export interface Fact {
  label: string;
  value: ReactNode;
}

export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact) => (
        <div key={fact.label} className={classes.fact}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
