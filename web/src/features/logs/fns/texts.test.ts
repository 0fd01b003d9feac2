// SPDX-License-Identifier: MIT

import { expect, test } from 'vitest';
import { prettyText } from './texts';

test('JSON gets lines, all else stays as it is', () => {
  expect(prettyText('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  for (const text of ['{"a":[1', 'data: {"a":1}\n\n', '12', '']) expect(prettyText(text)).toBe(text);
});
