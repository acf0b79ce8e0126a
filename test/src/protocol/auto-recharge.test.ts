import { expect, test } from 'vitest';
import { mostInMonthMicros } from '../../../src/protocol/auto-recharge.ts';
import { micros } from '../../../src/protocol/money.ts';

test.each([
  [25_000_000, 100_000_000, 100_000_000],
  [30_000_000, 100_000_000, 90_000_000],
  [25_000_000, 24_990_000, 0],
  [10_000_000, 1_000_000_000_000, 1_550_000_000],
  [0, 100_000_000, 0],
])('%i a time under a limit of %i takes at most %i in a month', (amount, limit, most) => {
  const settings = { amountMicros: micros(amount), monthlyLimitMicros: micros(limit) };
  expect(mostInMonthMicros(settings)).toBe(most);
});
