import { describe, expect, test } from 'vitest';
import { changePrice } from '../../../server/rent/change-price.ts';
import type { NumberOwnerRow } from '../../../server/storage/rows.ts';
import { micros } from '../../../src/protocol/money.ts';

const USD = 1_000_000;
const NOW_MS = 1_772_000_000_000;

/** Costs 1.00, and its next rent falls due on March 15. */
const ROW: NumberOwnerRow = {
  number: '+12025550101',
  accountId: 'acme',
  officeId: 'berlin',
  personId: null,
  purchaseId: 'purchase-1',
  purchasedAtMs: 0,
  state: 'active',
  currency: 'USD',
  monthlyMicros: USD,
  nextMonthlyMicros: null,
  nextMonthlyDay: null,
  anchorDay: 15,
  rentDay: '2026-03-15',
  stepDay: null,
  heldMicros: 0,
  holdId: null,
  told: '',
  changeId: null,
  releasedAtMs: null,
  dueAtMs: 7,
  version: 4,
  numberRef: null,
};

const announced = (monthlyMicros: number, day: string) => ({ nextMonthlyMicros: monthlyMicros, nextMonthlyDay: day });

function change(row: Partial<NumberOwnerRow>, price: number, fromDay = '2026-05-01', today = '2026-03-05') {
  return changePrice({ row: { ...ROW, ...row }, today, nowMs: NOW_MS }, { monthlyMicros: micros(price), fromDay });
}

describe('a new price', () => {
  test('is written down beside the one that holds until then', () => {
    expect(change({}, 2 * USD)).toEqual({
      outcome: 'changed',
      row: { ...ROW, ...announced(2 * USD, '2026-05-01'), version: 5 },
      oldMicros: USD,
      isRise: true,
      isCorrection: false,
    });
    expect(change({}, 0)).toMatchObject({ outcome: 'changed', isRise: false });
  });

  test('is no news where it holds or was announced for the same day already', () => {
    expect(change({}, USD)).toEqual({ outcome: 'same' });
    expect(change(announced(2 * USD, '2026-05-01'), 2 * USD)).toEqual({ outcome: 'same' });
    expect(change(announced(2 * USD, '2026-05-02'), 2 * USD)).toMatchObject({ outcome: 'changed', isCorrection: true });
  });

  test('of a number without rent wakes the server, because from now on it must be set aside and warned of', () => {
    expect(change({ monthlyMicros: 0 }, USD)).toMatchObject({ row: { dueAtMs: NOW_MS } });
    expect(change({}, 2 * USD)).toMatchObject({ row: { dueAtMs: 7 } });
  });
});

describe('where another price was announced before', () => {
  test('a later one is left out: a row has room for one, and what was announced stands', () => {
    expect(change(announced(2 * USD, '2026-04-30'), 3 * USD)).toEqual({ outcome: 'blocked' });
    expect(change(announced(2 * USD, '2026-04-30'), USD)).toEqual({ outcome: 'blocked' });
  });

  test('one from the same day or earlier comes instead of it, and the old price takes it back', () => {
    const instead = change(announced(2 * USD, '2026-05-01'), 3 * USD);
    expect(instead).toMatchObject({ row: announced(3 * USD, '2026-05-01'), oldMicros: USD, isCorrection: true });
    const back = change(announced(2 * USD, '2026-05-01'), USD);
    expect(back).toMatchObject({ row: { nextMonthlyMicros: null, nextMonthlyDay: null, monthlyMicros: USD } });
    expect(back).toMatchObject({ isCorrection: true, isRise: false });
  });

  test('taking back a lower price is a rise', () => {
    expect(change(announced(USD / 2, '2026-06-01'), USD)).toMatchObject({ isRise: true, isCorrection: true });
  });

  test('and has begun, it is the price that the new one follows', () => {
    expect(change(announced(2 * USD, '2026-03-01'), 3 * USD)).toMatchObject({
      row: { monthlyMicros: 2 * USD, ...announced(3 * USD, '2026-05-01') },
      oldMicros: 2 * USD,
      isCorrection: false,
    });
    expect(change(announced(2 * USD, '2026-03-01'), 2 * USD)).toEqual({ outcome: 'same' });
  });

  test('and has begun, but a month from before it is still to be paid, that month keeps its price', () => {
    const late = { ...announced(2 * USD, '2026-03-01'), state: 'late', rentDay: '2026-02-15' };
    expect(change(late, 3 * USD)).toEqual({ outcome: 'blocked' });
    expect(change({ ...late, rentDay: '2026-03-01' }, 3 * USD)).toMatchObject({ row: { monthlyMicros: 2 * USD } });
    // What a number on hold has missed is not paid for.
    expect(change({ ...late, state: 'held' }, 3 * USD)).toMatchObject({ row: { monthlyMicros: 2 * USD } });
  });
});
