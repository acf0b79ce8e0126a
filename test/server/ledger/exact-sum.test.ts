import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactSum } from '../../../server/ledger/exact-sum.ts';

describe('an exact sum', () => {
  test('is that of bigint, whatever is added and in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 30 }), (values) => {
        const sum = new ExactSum();
        for (const value of values) sum.add(value);
        expect(sum.total).toBe(values.reduce((total, value) => total + BigInt(value), 0n));
      }),
    );
  });

  test('goes beyond what numbers can count, and back', () => {
    const sum = new ExactSum();
    for (let index = 0; index < 4; index += 1) sum.add(Number.MAX_SAFE_INTEGER);
    expect(sum.total).toBe(4n * BigInt(Number.MAX_SAFE_INTEGER));
    for (let index = 0; index < 4; index += 1) sum.add(-Number.MAX_SAFE_INTEGER);
    expect(sum.total).toBe(0n);
  });
});
