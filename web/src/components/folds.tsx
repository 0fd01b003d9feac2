// SPDX-License-Identifier: MIT
//
// The parts of a form that have good defaults, folded away. A fold that hides a
// fault is no use: those stay open.

import { Accordion } from '@mantine/core';
import { type ReactNode, useState } from 'react';

export interface Fold {
  id: string;
  label: string;
  /** Which paths of the form are in it. */
  fields: RegExp;
  content: ReactNode;
}

export function Folds({ parts, errors }: { parts: Fold[]; errors: Record<string, ReactNode> }) {
  const [opened, setOpened] = useState<string[]>([]);
  const faulty = parts
    .filter(({ fields }) => Object.keys(errors).some((path) => fields.test(path)))
    .map(({ id }) => id);
  return (
    <Accordion
      variant="contained"
      multiple
      value={[...new Set([...opened, ...faulty])]}
      onChange={setOpened}
      chevronPosition="left"
    >
      {parts.map(({ id, label, content }) => (
        <Accordion.Item key={id} value={id}>
          <Accordion.Control>{label}</Accordion.Control>
          <Accordion.Panel>{content}</Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
