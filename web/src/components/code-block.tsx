// SPDX-License-Identifier: MIT
//
// A text to copy: a command, a program, an answer.

import { CopyButton } from './copy-button';
import classes from './code-block.module.css';

interface Props {
  text: string;
  label: string;
  testId?: string;
  underTabs?: boolean;
  /** Prose: long lines go on below. */
  wraps?: boolean;
}

export function CodeBlock({ text, label, testId, underTabs = false, wraps = false }: Props) {
  return (
    <div className={classes.block} data-under-tabs={underTabs || undefined} data-wraps={wraps || undefined}>
      {/* It scrolls, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} data-testid={testId}>{text}</pre>
      <div className={classes.copy}><CopyButton text={text} label={label} /></div>
    </div>
  );
}
