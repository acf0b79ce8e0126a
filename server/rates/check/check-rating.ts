/** Checks of what a call costs and how many seconds are billed, by the same price.ts that charges real calls. */
import { addMicros, decimalFromMicros, type Micros } from '../../../src/protocol/money.ts';
import { billedSeconds, priceCall } from '../../../src/protocol/price.ts';
import { needMicros, roundedMicros } from './exact-decimal.ts';
import {
  type Fields,
  isFields,
  needFields,
  needText,
  textOf,
  Unsupported,
  type Vector,
  type Verdict,
} from './vector.ts';
import { capped, completedCost, isCompletedOnly, isTaxAfterRounding, taxed } from './vector-rules.ts';
import { startedAtMs } from './vector-start.ts';
import { extraChargeTariff, isUnrounded, tariffOf } from './vector-tariff.ts';

/** Gives the vector of that id from the same file: a schedule may be "same as sip-09". */
export type VectorById = (id: string) => Vector | undefined;

export function checkRating(vector: Vector, vectorById: VectorById): Verdict {
  const { fields } = vector;
  const rate = needFields(fields.rate, 'rate');
  refuseForeignRules(fields, rate);
  const checks = [
    ...expectations(fields.expected_billed_s, fields).map(([seconds, expected]) => {
      const { tariff, call } = pricing(fields, { durationSeconds: seconds, vectorById });
      return compare(`billed seconds of ${seconds} s`, { expected, got: String(billedSeconds(tariff, call)) });
    }),
    ...expectations(fields.exact_value ?? fields.expected_cost, fields).map(([seconds, expected]) => {
      const got = costOf(fields, { durationSeconds: seconds, vectorById });
      const expectedMicros = isUnrounded(rate.rounding)
        ? roundedMicros(expected)
        : needMicros(expected, 'expected_cost');
      return compare(`cost of ${seconds} s`, {
        expected: decimalFromMicros(expectedMicros),
        got: decimalFromMicros(got),
      });
    }),
  ];
  if (checks.length === 0) throw new Unsupported('nothing is expected of the price');
  const failed = checks.find(({ outcome }) => outcome === 'fail');
  if (failed !== undefined && /approx/i.test(textOf(fields.exactness) ?? '')) {
    throw new Unsupported('the source compares approximately, and its figure is not the exact one');
  }
  return failed ?? { outcome: 'pass' };
}

/** A number for the vector's own duration, or an object of durations and numbers. */
function expectations(value: unknown, fields: Fields): [number, string][] {
  if (value === undefined || value === null) return [];
  const pairs = isFields(value) ? Object.entries(value) : [[needText(fields.duration_s, 'duration_s'), value] as const];
  return pairs.map(([seconds, expected]) => {
    if (!/^\d+(\.\d+)?$/.test(seconds)) throw new Unsupported(`the duration "${seconds}"`);
    return [Number(seconds), needText(expected, 'expected')];
  });
}

export function compare(what: string, result: { readonly expected: string; readonly got: string }): Verdict {
  return result.expected === result.got
    ? { outcome: 'pass' }
    : { outcome: 'fail', reason: `${what}: expected ${result.expected}, got ${result.got}` };
}

/** Rounding each increment is what price.ts exists to avoid; a vector that fixes such a result says so by exact_value. */
function refuseForeignRules(fields: Fields, rate: Fields): void {
  const mode = isFields(rate.rounding) ? (textOf(rate.rounding.mode) ?? '') : '';
  if (/per (increment|slice|step)/i.test(mode) && fields.exact_value === undefined) {
    throw new Unsupported('rounds each increment; our price is rounded once');
  }
  const rule = textOf(rate.rule);
  if (rule !== undefined && !/\beach (second|minute|increment)\b/i.test(rule)) {
    throw new Unsupported(`the rule "${rule}"`);
  }
  if (fields.exactness === 'quirk' && fields.exact_value === undefined) {
    throw new Unsupported("expects the source's own float or slice rounding and gives no exact value");
  }
}

interface Pricing {
  readonly durationSeconds: number;
  readonly vectorById: VectorById;
}

/** The tariff and the call of a vector, with the tax in the prices when it comes before rounding. */
function pricing(fields: Fields, { durationSeconds, vectorById }: Pricing) {
  const rate = needFields(fields.rate, 'rate');
  const tariff = tariffOf(rate, {
    durationSeconds,
    freeSeconds: paidOtherwise(fields),
    taxPercent: isTaxAfterRounding(rate) ? '0' : (textOf(rate.tax_percent) ?? '0'),
    scheduleOf: (reference) => resolvedSchedule(reference, vectorById),
  });
  const call = { startedAtMs: startedAtMs(textOf(fields.start), tariff.timeZone), durationSeconds };
  return { rate, tariff, call };
}

/** "120 s call, 60 s are covered by a minutes balance": these seconds come first and cost nothing. */
function paidOtherwise(fields: Fields): number {
  const covered = /(\d+) s (?:are|is) covered by/.exec(textOf(fields.notes) ?? '')?.[1];
  return covered === undefined ? 0 : Number(covered);
}

function resolvedSchedule(reference: string, vectorById: VectorById): string {
  const id = /^same as (\S+)$/i.exec(reference)?.[1];
  if (id === undefined) return reference;
  const rate = vectorById(id)?.fields.rate;
  return needText(isFields(rate) ? rate.schedule : undefined, `schedule of ${id}`);
}

function costOf(fields: Fields, how: Pricing): Micros {
  const { rate, tariff, call } = pricing(fields, how);
  const extra = extraChargeTariff(rate, tariff);
  const cost = isCompletedOnly(rate) ? completedCost(tariff, { call, rate }) : capped(priceCall(tariff, call), rate);
  const sum = extra ? addMicros(cost, priceCall(extra, call)) : cost;
  return isTaxAfterRounding(rate) ? taxed(sum, { rate, tariff }) : sum;
}
