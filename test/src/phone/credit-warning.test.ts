import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CreditWarning, creditWarning, isGraver } from '../../../src/phone/credit-warning.ts';

const NONE: CreditWarning = { warning: null, wasExtended: false };

function warned(...secondsLeft: (number | null)[]): CreditWarning {
  return secondsLeft.reduce(follow, NONE);
}
function follow(before: CreditWarning, secondsLeft: number | null): CreditWarning {
  return creditWarning(secondsLeft, before);
}

describe('the warning that credit runs out', () => {
  test.each([
    [null, null],
    [121, null],
    [120, 120],
    [61, 120],
    [60, 60],
    [31, 60],
    [30, 30],
    [0, 30],
  ] as const)('with %s seconds left it is %s', (secondsLeft, warning) => {
    expect(warned(secondsLeft).warning).toBe(warning);
  });

  test('is taken back only clearly above its line', () => {
    expect(warned(30, 35).warning).toBe(30);
    expect(warned(30, 36)).toEqual({ warning: 60, wasExtended: true });
    expect(warned(120, 125).warning).toBe(120);
    expect(warned(120, 126)).toEqual({ warning: null, wasExtended: true });
    expect(warned(60, null)).toEqual({ warning: null, wasExtended: true });
  });

  test('forgets that credit arrived when a graver one follows', () => {
    expect(warned(60, 500, 120)).toEqual({ warning: 120, wasExtended: false });
  });

  test('while time only runs down, it only gets graver', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1 }), (values) => {
        let before = NONE;
        for (const secondsLeft of values.toSorted((a, b) => b - a)) {
          const next = creditWarning(secondsLeft, before);
          expect(next.warning === before.warning || isGraver(next.warning, before.warning)).toBe(true);
          expect(next.wasExtended).toBe(false);
          before = next;
        }
      }),
    );
  });
});
