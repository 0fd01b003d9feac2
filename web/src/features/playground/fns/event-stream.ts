// SPDX-License-Identifier: MIT
//
// The data of server-sent events, however the bytes are split.

export class EventStream {
  #rest = '';

  /** The data of the events that are whole with this piece. */
  push(piece: string): string[] {
    const events = (this.#rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = events.pop() ?? '';
    return events.map(dataOf).filter((data) => data !== '');
  }
}

function dataOf(event: string): string {
  return event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n');
}
