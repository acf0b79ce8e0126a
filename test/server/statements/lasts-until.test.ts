import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORECAST_DAYS, lastsUntil, type Outlook } from '../../../server/statements/lasts-until.ts';
import { micros } from '../../../src/protocol/money.ts';

const DAY_MS = 24 * 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 17, 13);
const YEAR_MS = FORECAST_DAYS * DAY_MS;

/** Ten a day; what is left out is as here. */
function until(facts: {
  readonly available: number;
  readonly paceMicros?: number;
  readonly rents?: readonly (readonly [days: number, amount: number])[];
}): number | null {
  const rents = (facts.rents ?? []).map(([days, amount]) => ({
    atMs: NOW_MS + days * DAY_MS,
    amountMicros: micros(amount),
  }));
  const paceMicros = facts.paceMicros ?? 70;
  return lastsUntil({
    availableMicros: micros(facts.available),
    paceMicros,
    paceMs: 7 * DAY_MS,
    nowMs: NOW_MS,
    rents,
  });
}

const inDays = (days: number): number => NOW_MS + days * DAY_MS;

describe('credit lasts', () => {
  test('for as long as the pace says, when no rent falls due', () => {
    expect(until({ available: 100 })).toBe(inDays(10));
    expect(until({ available: 0 })).toBe(NOW_MS);
    expect(until({ available: 100, paceMicros: 0 })).toBeNull();
  });

  test('so much shorter as the rents before are worth, and no shorter for those after', () => {
    expect(until({ available: 100, rents: [[2, 30]] })).toBe(inDays(7));
    expect(
      until({
        available: 100,
        rents: [
          [2, 30],
          [6.5, 1],
          [7, 50],
        ],
      }),
    ).toBe(inDays(6.9));
    expect(until({ available: 100, rents: [[10, 500]] })).toBe(inDays(10));
  });

  test('until the day of a rent that it does not cover; one that it covers to the last micro-unit is covered', () => {
    expect(until({ available: 100, rents: [[4, 61]] })).toBe(inDays(4));
    expect(until({ available: 100, rents: [[4, 60]] })).toBe(inDays(4));
    expect(until({ available: 100, paceMicros: 0, rents: [[4, 101]] })).toBe(inDays(4));
    expect(until({ available: 100, paceMicros: 0, rents: [[4, 100]] })).toBeNull();
    expect(
      until({
        available: 100,
        paceMicros: 0,
        rents: [
          [4, 100],
          [34, 1],
        ],
      }),
    ).toBe(inDays(34));
  });

  test('for no longer than a year, as far as anybody needs to know', () => {
    expect(until({ available: 3_660 })).toBe(inDays(366));
    expect(until({ available: 3_661 })).toBeNull();
    expect(until({ available: 5, paceMicros: 0, rents: [[367, 6]] })).toBeNull();
  });
});

const outlooks: fc.Arbitrary<Outlook> = fc.record({
  availableMicros: fc.integer({ min: 0, max: 100_000_000 }).map(micros),
  paceMicros: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50_000_000 })),
  paceMs: fc.integer({ min: 6 * DAY_MS, max: 7 * DAY_MS }),
  nowMs: fc.constant(NOW_MS),
  rents: fc
    .array(
      fc.record({
        atMs: fc.integer({ min: NOW_MS, max: NOW_MS + YEAR_MS }),
        amountMicros: fc.integer({ min: 1, max: 30_000_000 }).map(micros),
      }),
      { maxLength: 12 },
    )
    .map((rents) => rents.toSorted((one, other) => one.atMs - other.atMs)),
});

const orNever = (atMs: number | null): number => atMs ?? Number.POSITIVE_INFINITY;

/** In micro-units, with every rent that has fallen due. */
function balanceAt({ availableMicros, paceMicros, paceMs, nowMs, rents }: Outlook, atMs: number): number {
  const due = rents.filter((rent) => rent.atMs <= atMs).reduce((sum, { amountMicros }) => sum + amountMicros, 0);
  return availableMicros - due - (paceMicros / paceMs) * (atMs - nowMs);
}

describe('whatever the pace and the rents', () => {
  test('it never lasts longer than without the rents, nor longer with one more of them', () => {
    fc.assert(
      fc.property(outlooks, (outlook) => {
        const without = { ...outlook, rents: [] };
        const fewer = { ...outlook, rents: outlook.rents.slice(0, -1) };
        expect(orNever(lastsUntil(outlook))).toBeLessThanOrEqual(orNever(lastsUntil(fewer)));
        expect(orNever(lastsUntil(fewer))).toBeLessThanOrEqual(orNever(lastsUntil(without)));
      }),
    );
  });

  test('the balance is not below zero before that moment, and is after it', () => {
    fc.assert(
      fc.property(outlooks, (outlook) => {
        const untilMs = lastsUntil(outlook);
        // A hundredth of a micro-unit is lost to the arithmetic of fractions.
        const almost = 0.01;
        const lastMs = untilMs ?? NOW_MS + YEAR_MS;
        for (const { atMs } of outlook.rents.filter((rent) => rent.atMs < lastMs)) {
          expect(balanceAt(outlook, atMs)).toBeGreaterThanOrEqual(-almost);
        }
        if (untilMs === null) return;
        expect(balanceAt(outlook, untilMs - 1)).toBeGreaterThanOrEqual(-almost);
        expect(balanceAt(outlook, untilMs + 2)).toBeLessThan(almost);
      }),
    );
  });
});
