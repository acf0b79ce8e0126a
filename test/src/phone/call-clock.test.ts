import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallMeter, readMeter, startMeter, talkSeconds, tellMeter } from '../../../src/phone/call-clock.ts';
import { micros } from '../../../src/protocol/money.ts';
import { affordableSeconds, priceCall } from '../../../src/protocol/price.ts';
import type { Tariff } from '../../../src/protocol/rate.ts';
import { CENT, sampleLease, sampleTariff } from '../../support/phone-samples.ts';

const STARTED_AT_MS = Date.UTC(2026, 0, 15, 12);

const anyTariff: fc.Arbitrary<Tariff> = fc
  .record({
    fee: fc.integer({ min: 0, max: 20 * CENT }),
    price: fc.integer({ min: 0, max: 300 * CENT }),
    interval: fc.constantFrom(1, 6, 30, 60),
    increment: fc.constantFrom(1, 6, 30, 60),
    freeSeconds: fc.constantFrom(0, 0, 30, 60),
    mode: fc.constantFrom('up', 'half_up', 'down'),
    decimals: fc.integer({ min: 2, max: 6 }),
  })
  .map(({ fee, price, interval, increment, freeSeconds, mode, decimals }) => ({
    connectionFeeMicros: micros(fee),
    steps: [
      ...(freeSeconds > 0
        ? [{ fromSecond: 0, priceMicros: micros(0), intervalSeconds: freeSeconds, incrementSeconds: freeSeconds }]
        : []),
      {
        fromSecond: freeSeconds,
        priceMicros: micros(price),
        intervalSeconds: interval,
        incrementSeconds: increment,
      },
    ],
    windows: [],
    timeZone: 'UTC',
    rounding: { mode: mode as Tariff['rounding']['mode'], decimals },
  }));

function meter(change: Partial<Parameters<typeof startMeter>[0]> = {}): CallMeter {
  return startMeter({
    atMs: 10_000,
    startedAtMs: STARTED_AT_MS,
    tariff: sampleTariff(6),
    lease: null,
    credit: null,
    ...change,
  });
}

describe('the meter', () => {
  test('issue 7: equals the ledger in every moment: the price of each second that has begun, never beyond the lease', () => {
    fc.assert(
      fc.property(
        anyTariff,
        fc.integer({ min: 0, max: 400_000 }),
        fc.integer({ min: 1, max: 300 }),
        (tariff, talkMs, leaseSeconds) => {
          const lease = sampleLease({ leaseSeconds });
          const read = readMeter(meter({ tariff, lease }), { atMs: 10_000 + talkMs });
          const begun = Math.min(Math.ceil(talkMs / 1_000), leaseSeconds);
          const charge = priceCall(tariff, { startedAtMs: STARTED_AT_MS, durationSeconds: begun });
          expect(read.costMicros).toBe(charge);
          expect(talkSeconds(read)).toBe(Math.floor(talkMs / 1_000));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('shows no cost before the first second has begun, and the first block from then on', () => {
    const tariff: Tariff = {
      ...sampleTariff(6),
      steps: [{ fromSecond: 0, priceMicros: micros(6 * CENT), intervalSeconds: 60, incrementSeconds: 60 }],
    };
    expect(meter({ tariff }).costMicros).toBe(0);
    expect(readMeter(meter({ tariff }), { atMs: 10_001 }).costMicros).toBe(6 * CENT);
    expect(readMeter(meter({ tariff }), { atMs: 70_000 }).costMicros).toBe(6 * CENT);
    expect(readMeter(meter({ tariff }), { atMs: 70_001 }).costMicros).toBe(12 * CENT);
  });

  test('the time left is what credit, hold included, or the final lease allows, whichever ends first', () => {
    fc.assert(
      fc.property(
        anyTariff,
        fc.integer({ min: 0, max: 1_000 * CENT }),
        fc.integer({ min: 0, max: 100 * CENT }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.boolean(),
        (tariff, available, held, talkMs, isFinal) => {
          const credit = { availableMicros: micros(available), heldMicros: micros(held) };
          const lease = sampleLease({ leaseSeconds: 90, isFinal });
          const read = readMeter(meter({ tariff, lease, credit }), { atMs: 10_000 + talkMs });
          const budgetMicros = micros(available + held);
          const affordable = affordableSeconds(tariff, {
            startedAtMs: STARTED_AT_MS,
            budgetMicros,
            limitSeconds: 86_400,
          });
          const end = Math.min(affordable, isFinal ? 90 : 86_400);
          const left = Math.max(0, end - Math.floor(talkMs / 1_000));
          expect(read.secondsLeft).toBe(end === 86_400 ? null : left);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('credit that arrives lifts the end of a lease that was short of credit at once, before its renewal is told', () => {
    const lease = sampleLease({ leaseSeconds: 60, isFinal: true, heldMicros: micros(6 * CENT) });
    const short = meter({ lease, credit: { availableMicros: micros(0), heldMicros: micros(6 * CENT) } });
    expect([short.secondsLeft, short.warning]).toEqual([60, 60]);
    const rich = { availableMicros: micros(60 * CENT), heldMicros: micros(6 * CENT) };
    const credited = tellMeter(short, { credit: rich, atMs: 10_000 });
    expect([credited.secondsLeft, credited.warning, credited.wasExtended]).toEqual([660, null, true]);
    // The renewal that follows says the same, and credit that is used up elsewhere puts the end back.
    const renewed = sampleLease({ leaseSeconds: 120, renewalIndex: 2, heldMicros: micros(12 * CENT) });
    expect(tellMeter(credited, { lease: renewed, atMs: 10_000 }).secondsLeft).toBe(660);
    const gone = tellMeter(credited, { credit: { ...rich, availableMicros: micros(0) }, atMs: 10_000 });
    expect(gone.secondsLeft).toBe(60);
  });

  test('credit does not lengthen a lease that is final for another reason', () => {
    const lease = sampleLease({ leaseSeconds: 60, isFinal: true });
    const limited = meter({ lease, credit: { availableMicros: micros(600 * CENT), heldMicros: micros(6 * CENT) } });
    const credit = { availableMicros: micros(900 * CENT), heldMicros: micros(6 * CENT) };
    expect(tellMeter(limited, { credit, atMs: 10_000 }).secondsLeft).toBe(60);
  });

  test('the hold of the lease counts when the balance does not tell what is held', () => {
    const credit = { availableMicros: micros(0), heldMicros: null };
    const read = meter({ credit, lease: sampleLease({ heldMicros: micros(6 * CENT) }) });
    expect(read.secondsLeft).toBe(60);
  });

  test('a free call has no end', () => {
    expect(meter({ tariff: sampleTariff(0), credit: { availableMicros: micros(0), heldMicros: null } })).toMatchObject({
      secondsLeft: null,
      warning: null,
      costMicros: 0,
    });
  });

  test('a clock that goes back takes the screen not with it', () => {
    const read = readMeter(readMeter(meter(), { atMs: 20_000 }), { atMs: 15_000 });
    expect([talkSeconds(read), read.costMicros]).toEqual([10, CENT]);
  });

  test('a cheaper tariff that is told late lowers no cost that was shown', () => {
    const read = tellMeter(readMeter(meter(), { atMs: 20_000 }), { tariff: sampleTariff(3), atMs: 20_000 });
    expect(read.costMicros).toBe(CENT);
  });

  test('the server may say that the call began earlier, never that it began later', () => {
    const earlier = tellMeter(meter(), { elapsedMs: 3_000, atMs: 12_000 });
    expect([earlier.answeredAtMs, talkSeconds(earlier)]).toEqual([9_000, 3]);
    const later = tellMeter(earlier, { elapsedMs: 1_000, atMs: 12_000 });
    expect(talkSeconds(later)).toBe(3);
  });

  test('a lease that was overtaken by a longer one is ignored', () => {
    const longer = sampleLease({ leaseSeconds: 120, renewalIndex: 2, isFinal: true });
    const read = tellMeter(meter({ lease: longer }), { lease: sampleLease({ renewalIndex: 1 }), atMs: 10_000 });
    expect(read.lease).toBe(longer);
  });
});
