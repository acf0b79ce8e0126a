import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CREDIT_LEVELS, type CreditLevel, creditLevel } from '../../../src/protocol/credit-level.ts';
import { micros } from '../../../src/protocol/money.ts';

const thresholds = { lowMicros: micros(5_000_000), criticalMicros: micros(2_000_000) };
const level = (available: number, previous: CreditLevel | null = null) =>
  creditLevel(micros(available), { thresholds, previous });

describe('creditLevel', () => {
  test('begins each level at its line', () => {
    expect([5_000_001, 5_000_000, 2_000_001, 2_000_000, 1, 0, -1].map((amount) => level(amount))).toEqual([
      'ok',
      'low',
      'low',
      'critical',
      'critical',
      'empty',
      'empty',
    ]);
  });

  test('falls at once and rises only clearly above the line', () => {
    expect(level(5_000_000, 'ok')).toBe('low');
    expect(level(5_000_001, 'low')).toBe('low');
    expect(level(5_500_000, 'low')).toBe('low');
    expect(level(5_500_001, 'low')).toBe('ok');
    expect(level(2_100_000, 'critical')).toBe('critical');
    expect(level(2_200_001, 'critical')).toBe('low');
  });

  test('a big top-up leads straight to ok', () => {
    expect(level(50_000_000, 'empty')).toBe('ok');
  });

  test('money after none is never shown as empty', () => {
    expect(level(1, 'empty')).toBe('critical');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.constantFrom(...CREDIT_LEVELS, null),
        (amount, previous) => {
          expect(level(amount, previous)).not.toBe('empty');
        },
      ),
    );
  });

  test('the same amount twice stays on its level', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: 10_000_000 }),
        fc.constantFrom(...CREDIT_LEVELS, null),
        (amount, previous) => {
          const first = level(amount, previous);
          expect(level(amount, first)).toBe(first);
        },
      ),
    );
  });
});
