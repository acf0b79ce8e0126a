import { describe, expect, test } from 'vitest';
import { chargeOf } from '../../../src/phone/call-charge.ts';
import type { CallRecord } from '../../../src/protocol/call.ts';
import { micros } from '../../../src/protocol/money.ts';
import { billedSeconds, perMinuteMicros, priceCall } from '../../../src/protocol/price.ts';
import type { RateStep, Tariff } from '../../../src/protocol/rate.ts';
import { CENT, sampleRecord, sampleTariff } from '../../support/phone-samples.ts';

const ANSWERED_AT_MS = Date.UTC(2026, 0, 15, 12);

function step(incrementSeconds: number, change: Partial<RateStep> = {}): RateStep {
  return { fromSecond: 0, priceMicros: micros(5.5 * CENT), intervalSeconds: 60, incrementSeconds, ...change };
}

/** The record that a server makes of a call of this length. */
function settledCall(tariff: Tariff, durationSeconds: number): CallRecord {
  const call = { startedAtMs: ANSWERED_AT_MS, durationSeconds };
  return sampleRecord('call-0001', {
    status: 'settled',
    answeredAtMs: ANSWERED_AT_MS,
    durationSeconds,
    billedSeconds: billedSeconds(tariff, call),
    costMicros: priceCall(tariff, call),
    perMinuteMicros: perMinuteMicros(tariff, call),
    connectionFeeMicros: tariff.connectionFeeMicros,
    tariff,
    lease: null,
  });
}

function tariffOf(steps: RateStep[], change: Partial<Tariff> = {}): Tariff {
  return { ...sampleTariff(6), rounding: { mode: 'up', decimals: 2 }, steps, ...change };
}

describe('what a charge was made of', () => {
  test('60/60: 12:03 are 13 minutes, and the total is rounded up to the cent (hist.item)', () => {
    const record = settledCall(tariffOf([step(60)]), 723);
    expect(record.costMicros).toBe(72 * CENT);
    expect(chargeOf(record)).toEqual({
      billedSeconds: 780,
      incrementSeconds: 60,
      perMinuteMicros: 5.5 * CENT,
      isRoundedUp: true,
    });
  });

  test('6/6 and 1/1: so many increments at the price of a minute', () => {
    expect(chargeOf(settledCall(tariffOf([step(6)]), 60))).toEqual({
      billedSeconds: 60,
      incrementSeconds: 6,
      perMinuteMicros: 5.5 * CENT,
      isRoundedUp: true,
    });
    const exact = tariffOf([step(1, { priceMicros: micros(6 * CENT) })]);
    expect(chargeOf(settledCall(exact, 50))).toMatchObject({
      billedSeconds: 50,
      incrementSeconds: 1,
      isRoundedUp: false,
    });
  });

  test('30/6: increments of two lengths are told as time, not as a count', () => {
    const charge = chargeOf(settledCall(tariffOf([step(30), step(6, { fromSecond: 30 })]), 31));
    expect(charge).toMatchObject({ billedSeconds: 36, perMinuteMicros: 5.5 * CENT });
    expect(charge).not.toHaveProperty('incrementSeconds');
  });

  test('a connection fee is named, as it was when the call was answered', () => {
    const fee = { connectionFeeMicros: micros(10 * CENT) };
    expect(chargeOf(settledCall(tariffOf([step(60)], fee), 1))).toMatchObject({ connectionFeeMicros: 10 * CENT });
    const window = { days: [1, 2, 3, 4, 5, 6, 7], fromTime: '00:00:00', toTime: '24:00:00', steps: [step(6)] };
    const night = tariffOf([step(60)], { ...fee, windows: [{ ...window, connectionFeeMicros: micros(0) }] });
    const charge = chargeOf(settledCall(night, 7));
    expect(charge).toMatchObject({ billedSeconds: 12, incrementSeconds: 6 });
    expect(charge).not.toHaveProperty('connectionFeeMicros');
  });

  test('a call through several prices is not explained by one of them', () => {
    const cheaperLater = tariffOf([step(60), step(60, { fromSecond: 60, priceMicros: micros(CENT) })]);
    expect(chargeOf(settledCall(cheaperLater, 61))).toEqual({});
    expect(chargeOf(settledCall(cheaperLater, 60))).toMatchObject({ billedSeconds: 60 });
  });

  test('a free call and one that was never answered have nothing to explain', () => {
    expect(chargeOf(settledCall(tariffOf([step(60, { priceMicros: micros(0) })]), 30))).toEqual({});
    expect(chargeOf(sampleRecord('call-0001', { status: 'released' }))).toEqual({});
  });
});
