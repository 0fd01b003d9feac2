// SPDX-License-Identifier: MIT
//
// The name of a row, which opens it: what the keyboard reaches of a row.

import { UnstyledButton } from '@mantine/core';
import classes from './name-button.module.css';

export function NameButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <UnstyledButton className={classes.name} title={name} onClick={onClick}>
      {name}
    </UnstyledButton>
  );
}

/** Of a row that does not open. */
export function NameText({ name }: { name: string }) {
  return <span className={classes.text} title={name}>{name}</span>;
}
