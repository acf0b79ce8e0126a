/** Prices that are asked for in another form than "a call of so many seconds costs so much". */
import { decimalFromMicros, micros, subtractMicros, ZERO_MICROS } from '../../../src/protocol/money.ts';
import { firstBlock, priceCall } from '../../../src/protocol/price.ts';
import type { Tariff } from '../../../src/protocol/rate.ts';
import { compare } from './check-rating.ts';
import { needMicros, needPrice, wholeSeconds } from './exact-decimal.ts';
import { needFields, needText, refuseUnknown, textOf, Unsupported, type Vector, type Verdict } from './vector.ts';
import { startedAtMs } from './vector-start.ts';
import { roundingOf, tariffOf } from './vector-tariff.ts';
import { timeOf } from './vector-windows.ts';

/** Long enough before the slice that the call is well under way, short enough to stay in its window. */
const EARLIER_SECONDS = 60;

/**
 * A later slice of a call: the price of the whole call less the price of its beginning. The call is made to begin a minute before
 * the slice, so a fee or a rounding that is taken twice would show.
 */
export function checkSlices({ fields }: Vector): Verdict {
  const tariff = tariffOf(needFields(fields.rate, 'rate'), {
    durationSeconds: 0,
    freeSeconds: 0,
    taxPercent: '0',
    scheduleOf: (text) => text,
  });
  if ([tariff, ...tariff.windows].some(({ steps }) => steps.length > 1)) {
    throw new Unsupported('how much of the call lies before the slice is not said, and the steps depend on it');
  }
  const sliceSeconds = Number(needText(fields.duration_s, 'duration_s'));
  const callStartedAtMs = startedAtMs(textOf(fields.start), tariff.timeZone) - EARLIER_SECONDS * 1000;
  const priceOf = (durationSeconds: number) => priceCall(tariff, { startedAtMs: callStartedAtMs, durationSeconds });
  const slice = subtractMicros(priceOf(EARLIER_SECONDS + sliceSeconds), priceOf(EARLIER_SECONDS));
  const expected = needMicros(fields.exact_value ?? fields.expected_cost, 'expected_cost');
  return compare('cost of the slice', { expected: decimalFromMicros(expected), got: decimalFromMicros(slice) });
}

/** A price for so many units of something: units are counted as seconds are. */
export function checkEvents({ fields }: Vector): Verdict {
  const rate = needFields(fields.rate, 'rate');
  refuseUnknown(rate, ['per_units', 'units', 'rounding', 'note', 'notes', 'currency']);
  const step = {
    fromSecond: 0,
    ...needPrice(needText(rate.per_units, 'per_units'), wholeSeconds(rate.units, 'units')),
    incrementSeconds: 1,
  };
  const tariff: Tariff = {
    connectionFeeMicros: ZERO_MICROS,
    steps: [step],
    windows: [],
    timeZone: 'UTC',
    rounding: roundingOf(rate.rounding),
  };
  const got = priceCall(tariff, { startedAtMs: 0, durationSeconds: wholeSeconds(fields.quantity, 'quantity') });
  const expected = needMicros(fields.exact_value ?? fields.expected_cost, 'expected_cost');
  return compare(`cost of ${textOf(fields.quantity)} units`, {
    expected: decimalFromMicros(expected),
    got: decimalFromMicros(got),
  });
}

const PERIOD = /^(\d{1,2}:\d{2}(?::\d{2})?)-(\d{1,2}:\d{2}(?::\d{2})?) at (\d+(?:\.\d+)?) per unit$/;

/** { peak: "08:00-23:00 at 10 per unit", offpeak: ... } and "start 07:59:59" -> "off-peak price". */
export function checkPeakMoment({ fields }: Vector): Verdict {
  const periods = Object.entries(needFields(fields.given, 'given')).map(([name, value]) => {
    const match = PERIOD.exec(needText(value, name));
    if (!match) throw new Unsupported(`the period "${textOf(value)}"`);
    return { name: plain(name), from: timeOf(match[1]), to: timeOf(match[2]), price: needMicros(match[3], 'price') };
  });
  const tariff: Tariff = {
    connectionFeeMicros: ZERO_MICROS,
    steps: [{ fromSecond: 0, priceMicros: micros(0), intervalSeconds: 1, incrementSeconds: 1 }],
    windows: periods.map(({ from, to, price }) => ({
      days: [1, 2, 3, 4, 5, 6, 7],
      fromTime: from,
      toTime: to,
      connectionFeeMicros: ZERO_MICROS,
      steps: [{ fromSecond: 0, priceMicros: price, intervalSeconds: 1, incrementSeconds: 1 }],
    })),
    timeZone: 'UTC',
    rounding: roundingOf(undefined),
  };
  const verdicts = Object.entries(needFields(fields.expected, 'expected')).map(([moment, value]) => {
    const time = /^start (.+)$/.exec(moment)?.[1];
    const wanted = periods.find(({ name }) => plain(needText(value, moment)).startsWith(name));
    if (time === undefined || !wanted) throw new Unsupported(`the expectation "${moment}"`);
    const got = firstBlock(tariff, { startedAtMs: startedAtMs(time, 'UTC') }).costMicros;
    return compare(moment, { expected: decimalFromMicros(wanted.price), got: decimalFromMicros(got) });
  });
  return verdicts.find(({ outcome }) => outcome === 'fail') ?? { outcome: 'pass' };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
