import { describe, expect, test } from 'vitest';
import { microsFromMinor, minorFromMicros, stepMicros } from '../../../server/payments/minor-units.ts';
import { micros } from '../../../src/protocol/money.ts';

describe('scenario 62: the smallest unit of a currency', () => {
  test.each([
    ['USD', 25_000_000, 2_500],
    ['JPY', 2_500_000_000, 2_500],
    ['KWD', 1_230_000, 1_230],
    ['ISK', 500_000_000, 50_000],
  ])('%s: %i micros are %i', (currency, amount, minor) => {
    expect(minorFromMicros(micros(amount), currency)).toBe(minor);
    expect(microsFromMinor(minor, currency)).toBe(amount);
  });

  test.each([
    ['USD', 10_000],
    ['JPY', 1_000_000],
    ['KWD', 10_000],
    ['UGX', 1_000_000],
  ])('%s is paid in steps of %i micros', (currency, step) => {
    expect(stepMicros(currency)).toBe(step);
    expect(() => minorFromMicros(micros(step - 1), currency)).toThrow(RangeError);
  });
});
