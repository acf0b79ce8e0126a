import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareCodePoints } from '../../../server/ledger/code-point-order.ts';

test('texts are ordered as the stores order them: by their bytes in UTF-8', () => {
  // Much of the little that is hard: the same beginnings, and code points on both sides of the surrogates.
  const text = fc
    .array(fc.constantFrom('a', 'b', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}', '\u{10FFFF}'), { maxLength: 5 })
    .map((signs) => signs.join(''));
  fc.assert(
    fc.property(text, text, (first, second) => {
      expect(Math.sign(compareCodePoints(first, second))).toBe(Buffer.compare(Buffer.from(first), Buffer.from(second)));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['a', 'a', 0],
  ['', 'a', -1],
  ['ab', 'a', 1],
  // JavaScript's own < says the opposite.
  ['\uFFFF', '\u{10000}', -1],
])('%j against %j', (first, second, expected) => {
  expect(Math.sign(compareCodePoints(first, second))).toBe(expected);
});
