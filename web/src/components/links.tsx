// SPDX-License-Identifier: MIT
//
// Mantine's look on the router's links.

import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Html<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

function MantineAnchor(props: Html<AnchorProps>) {
  return <Anchor {...props} />;
}

function MantineButton(props: Html<ButtonProps>) {
  return <Button component="a" {...props} />;
}

export const TextLink = createLink(MantineAnchor);
export const ButtonLink = createLink(MantineButton);
