/** The latch of credit alerts (REQUIREMENTS 2.3 no. 8, complaint 28), with a clock that is a number. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  COOL_DOWN_MS,
  type CreditDecision,
  type CreditLatch,
  type CreditNow,
  creditLatchSchema,
  decideCredit,
} from '../../../server/alerts/credit-latch.ts';

const CENT = 10_000;
const USD = 100 * CENT;
const HOUR_MS = 3_600_000;
const START_MS = 1_768_000_000_000;

function at(availableMicros: number, hours: number, more: Partial<CreditNow> = {}): CreditNow {
  return {
    availableMicros,
    isUsedUp: availableMicros <= 0,
    lowMicros: 5 * USD,
    criticalMicros: 1 * USD,
    floorMicros: 0,
    isRecharging: false,
    atMs: START_MS + hours * HOUR_MS,
    ...more,
  };
}

/** What is told of a wallet that has these amounts at these hours. */
function toldOf(walk: readonly (readonly [amountMicros: number, hours: number, more?: Partial<CreditNow>])[]) {
  let latch: CreditLatch | null = null;
  return walk.map(([amountMicros, hours, more]) => {
    const decision: CreditDecision = decideCredit(latch, at(amountMicros, hours, more));
    latch = creditLatchSchema.parse(JSON.parse(JSON.stringify(decision.latch)));
    return decision.tell;
  });
}

describe('a line that is crossed', () => {
  test('is told once: at the line, not above it, and not again below it', () => {
    expect(
      toldOf([
        [6 * USD, 0],
        [5 * USD + CENT, 1],
        [5 * USD, 2],
        [4 * USD, 3],
        [4 * USD, 100],
      ]),
    ).toEqual([null, null, 'low', null, null]);
  });

  test('complaint 28: a wallet near the line for a week is one mail', () => {
    const week = Array.from({ length: 7 * 24 }, (_, hour) => [hour % 2 === 0 ? 5.2 * USD : 4.9 * USD, hour] as const);
    expect(toldOf(week).filter((kind) => kind !== null)).toEqual(['low']);
  });

  test('is told again only above 150 % of it and a day later', () => {
    const again = (recoveredMicros: number, hours: number) =>
      toldOf([
        [6 * USD, 0],
        [4 * USD, 1],
        [recoveredMicros, 2],
        [4 * USD, hours],
      ]).at(-1);
    expect(again(7.5 * USD, 30)).toBeNull();
    expect(again(7.5 * USD + 1, 30)).toBe('low');
    expect(again(10 * USD, 24)).toBeNull();
    expect(again(10 * USD, 25)).toBe('low');
  });

  test('within the cool-down is told when that ends, if it is still so', () => {
    let latch = decideCredit(null, at(6 * USD, 0)).latch;
    latch = decideCredit(latch, at(4 * USD, 1)).latch;
    latch = decideCredit(latch, at(9 * USD, 2)).latch;
    const waiting = decideCredit(latch, at(4 * USD, 3));
    expect([waiting.tell, waiting.dueAtMs]).toEqual([null, START_MS + 25 * HOUR_MS]);
    expect(decideCredit(waiting.latch, at(4 * USD, 25)).tell).toBe('low');
    expect(decideCredit(waiting.latch, at(9 * USD, 25))).toMatchObject({ tell: null, dueAtMs: null });
  });

  test('several at once are one mail, about the worst of them', () => {
    expect(
      toldOf([
        [20 * USD, 0],
        [0, 1],
        [0.5 * USD, 2],
        [3 * USD, 3],
      ]),
    ).toEqual([null, 'empty', null, 'back']);
    expect(
      toldOf([
        [20 * USD, 0],
        [0.5 * USD, 1],
        [3 * USD, 2],
      ]),
    ).toEqual([null, 'critical', null]);
  });

  test('after a worse mail, the milder ones wait for their own recovery, and have not been told', () => {
    expect(
      toldOf([
        [20 * USD, 0],
        [0.5 * USD, 1],
        [8 * USD, 2],
        [4 * USD, 3],
      ]),
    ).toEqual([null, 'critical', null, 'low']);
  });

  test('is no news when an office is looked at for the first time', () => {
    expect(
      toldOf([
        [0, 0],
        [0, 1],
      ]),
    ).toEqual([null, null]);
    expect(
      toldOf([
        [0, 0],
        [20 * USD, 1],
        [0, 2],
      ]),
    ).toEqual([null, null, 'empty']);
    expect(
      toldOf([
        [4 * USD, 0],
        [0.9 * USD, 1],
      ]),
    ).toEqual([null, 'critical']);
  });

  test('that auto-recharge sees to is not told, a critical one is', () => {
    const isRecharging = true;
    expect(
      toldOf([
        [6 * USD, 0, { isRecharging }],
        [4 * USD, 1, { isRecharging }],
        [USD, 2, { isRecharging }],
      ]),
    ).toEqual([null, null, 'critical']);
    // It fails, and the credit is still low.
    expect(
      toldOf([
        [6 * USD, 0, { isRecharging }],
        [4 * USD, 1, { isRecharging }],
        [4 * USD, 2],
      ]).at(-1),
    ).toBe('low');
  });
});

describe('credit that is used up', () => {
  test('is told again after six hours, and "calls work again" once for each', () => {
    expect(
      toldOf([
        [20 * USD, 0],
        [0, 1],
        [20 * USD, 2],
        [0, 3],
        [20 * USD, 4],
        [0, 6.9],
        [0, 7],
        [20 * USD, 8],
      ]),
    ).toEqual([null, 'empty', 'back', null, null, null, 'empty', 'back']);
  });

  test('is back clearly above the critical level only, but no screen says meanwhile that calls are blocked', () => {
    let latch = decideCredit(null, at(20 * USD, 0)).latch;
    latch = { ...decideCredit(latch, at(0, 1)).latch, shown: { kind: 'empty', alertId: 'empty:1' } };
    expect(decideCredit(latch, at(0, 2))).toMatchObject({ tell: null, isOver: false });
    expect(decideCredit(latch, at(1 * USD, 2))).toMatchObject({ tell: null, isOver: true });
    expect(decideCredit(latch, at(1.51 * USD, 2))).toMatchObject({ tell: 'back', isOver: true });
  });

  test('F-12: where a call needs 2.00, 1.99 is used up, and back is above 150 % of that', () => {
    const floor = { floorMicros: 2 * USD, criticalMicros: 2 * USD };
    const used = { ...floor, isUsedUp: true };
    expect(
      toldOf([
        [6 * USD, 0, floor],
        [1.99 * USD, 1, used],
        [2.5 * USD, 2, floor],
        [3.01 * USD, 3, floor],
      ]),
    ).toEqual([null, 'empty', null, 'back']);
  });
});

test('random walks: never two of a kind without a recovery in between, nor within the cool-down', () => {
  const step = fc.record({
    amount: fc.integer({ min: -10, max: 1_200 }),
    minutes: fc.integer({ min: 0, max: 16 * 60 }),
    isRecharging: fc.boolean(),
  });
  const lines = { low: 5 * USD, critical: 1 * USD, empty: 1 * USD } as const;
  let toldCount = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 150 }), (steps) => {
      let latch: CreditLatch | null = null;
      let atMs = START_MS;
      const last = new Map<string, number>();
      const recovered = new Map<string, boolean>();
      for (const { amount, minutes, isRecharging } of steps) {
        atMs += minutes * 60_000;
        const availableMicros = Math.max(0, amount) * CENT;
        const decision: CreditDecision = decideCredit(latch, { ...at(availableMicros, 0, { isRecharging }), atMs });
        latch = decision.latch;
        for (const [kind, line] of Object.entries(lines)) if (availableMicros > 1.5 * line) recovered.set(kind, true);
        const { tell } = decision;
        if (tell === null) continue;
        toldCount += 1;
        if (tell === 'back') {
          expect(last.has('empty')).toBe(true);
          expect(availableMicros).toBeGreaterThan(1.5 * lines.empty);
          continue;
        }
        const lastMs = last.get(tell);
        if (lastMs !== undefined) {
          expect(recovered.get(tell)).toBe(true);
          expect(atMs - lastMs).toBeGreaterThanOrEqual(COOL_DOWN_MS[tell]);
        }
        last.set(tell, atMs);
        recovered.set(tell, false);
      }
    }),
    { numRuns: 300 },
  );
  // The walks do cross lines.
  expect(toldCount).toBeGreaterThan(300);
});
