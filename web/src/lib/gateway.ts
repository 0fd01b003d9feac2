// SPDX-License-Identifier: MIT
//
// Where callers reach the gateway. The console cannot know; it guesses until
// somebody says it, and remembers that.

import { readStored } from './storage';

const PROXY_PORT = 8080;

/** Where the gateway most likely listens, seen from the console's address. */
export function likelyGateway(location: { protocol: string; hostname: string }): string {
  return `${location.protocol}//${location.hostname}:${PROXY_PORT}`;
}

export function rememberedGateway(): string {
  return (readStored('gateway') ?? likelyGateway(location)).trim().replace(/\/+$/, '');
}
