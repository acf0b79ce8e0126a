/** Vectors about what is admitted, as far as prices and the rate deck decide it; balances afterwards are the ledger's. */
import { MAX_CALL_SECONDS } from '../../../src/protocol/duration.ts';
import { type Micros, micros, ZERO_MICROS } from '../../../src/protocol/money.ts';
import { dialableNumber } from '../../../src/protocol/phone-number.ts';
import { affordableSeconds, priceCall } from '../../../src/protocol/price.ts';
import type { Rate, Tariff } from '../../../src/protocol/rate.ts';
import { RateDeck } from '../rate-deck.ts';
import { compare } from './check-rating.ts';
import { needMicros, wholeSeconds } from './exact-decimal.ts';
import {
  type Fields,
  isFields,
  needFields,
  needText,
  refuseUnknown,
  textOf,
  Unsupported,
  type Vector,
  type Verdict,
} from './vector.ts';
import { startedAtMs } from './vector-start.ts';
import { roundingOf, tariffOf } from './vector-tariff.ts';

const NO_CONTEXT = { durationSeconds: 0, freeSeconds: 0, taxPercent: '0', scheduleOf: (text: string) => text };
/** Stands for the "P" of vectors that hold for every price. */
const SAMPLE_PRICES = [1, 999_999, 1_000_000, 123_456_789].map(micros);

export function checkAuthorisation({ fields }: Vector): Verdict {
  const given = needFields(fields.given, 'given');
  const expected = needFields(fields.expected, 'expected');
  if (given.rate === null) return checkRefusedNumber(given);
  const wanted = textOf(expected.granted_s) ?? (isRefusal(expected) ? '0' : undefined);
  if (!isFields(given.rate) || wanted === undefined) {
    throw new Unsupported('what is asked is a balance of another unit, which a wallet does not hold');
  }
  refuseUnknown(given, ['balance', 'rate', 'asked_s', 'start', 'number', 'currency', 'note', 'notes']);
  const limitSeconds = given.asked_s === undefined ? MAX_CALL_SECONDS : wholeSeconds(given.asked_s, 'asked_s');
  if (!/^\d+$/.test(wanted) || Number(wanted) > limitSeconds) {
    throw new Unsupported(`"${wanted}" seconds are granted; a call here lasts up to ${limitSeconds}`);
  }
  const tariff = tariffOf(given.rate, NO_CONTEXT);
  const got = affordableSeconds(tariff, {
    startedAtMs: startedAtMs(textOf(given.start), tariff.timeZone),
    budgetMicros: needMicros(given.balance, 'balance'),
    limitSeconds,
  });
  return compare('granted seconds', { expected: wanted, got: String(got) });
}

/** No second is granted when the first block is not covered. */
function isRefusal(expected: Fields): boolean {
  return /out of credit|refused|rejected|unauthori[sz]ed|insufficient/i.test(
    textOf(expected.result ?? expected.error) ?? '',
  );
}

/** A number without a rate is refused, never free. */
function checkRefusedNumber(given: Fields): Verdict {
  const number = dialableNumber(`+${needText(given.number, 'number')}`);
  if (!number) throw new Unsupported(`"${textOf(given.number)}" is no E.164 number`);
  const deck = RateDeck.from(nearMisses(number).map((prefix) => rateOf(prefix)));
  const found = deck.find({ number, direction: 'outbound', licence: null, atMs: 0 });
  return compare(`rate of ${number}`, { expected: 'none', got: found?.prefix ?? 'none' });
}

/** Prefixes that end in another digit than the number has there. */
function nearMisses(number: string): readonly string[] {
  const digits = number.replace('+', '');
  return [1, 2, 3, 4].map((length) => `${digits.slice(0, length - 1)}${(Number(digits[length - 1]) % 9) + 1}`);
}

export function checkLongestPrefix({ fields }: Vector): Verdict {
  const given = needFields(fields.given, 'given');
  if (!Array.isArray(given.prefixes)) throw new Unsupported('neither the prefixes nor a number are given');
  const prefixes = given.prefixes.map(needPrefix);
  const deck = RateDeck.from(prefixes.map((prefix) => rateOf(prefix)));
  const verdicts = Object.entries(needFields(fields.expected, 'expected')).map(([digits, expected]) => {
    const number = dialableNumber(`+${digits.replace(/^\+/, '')}`);
    if (!number) throw new Unsupported(`"${digits}" is no E.164 number`);
    const found = deck.find({ number, direction: 'outbound', licence: null, atMs: 0 });
    return compare(`prefix of ${digits}`, { expected: expectedPrefix(expected), got: found?.prefix ?? 'none' });
  });
  return verdicts.find(({ outcome }) => outcome === 'fail') ?? { outcome: 'pass' };
}

function needPrefix(value: unknown): string {
  const prefix = needText(value, 'prefix').replace(/^\+/, '');
  if (!/^[1-9]\d{0,14}$/.test(prefix)) throw new Unsupported(`"${prefix}" is no prefix of E.164 numbers`);
  return prefix;
}

function expectedPrefix(value: unknown): string {
  const text = textOf(value) ?? 'none';
  return /^(none|no (match|rate|prefix)|not found|unauthori[sz]ed|refused|rejected)/i.test(text)
    ? 'none'
    : needPrefix(text);
}

function rateOf(prefix: string): Rate {
  return {
    ...perInterval({ priceMicros: micros(10_000), seconds: 60 }),
    rateId: prefix,
    prefix,
    destination: prefix,
    kind: 'international',
    direction: 'outbound',
    licence: null,
    currency: 'USD',
    effectiveFromMs: null,
    effectiveToMs: null,
  };
}

/** Properties for any price P and any k; every sample has to hold. */
export function checkReservation({ fields }: Vector): Verdict {
  const given = needFields(fields.given, 'given');
  const expected = needFields(fields.expected, 'expected');
  const unitSeconds = Number(/^P per (\d+) s$/.exec(textOf(given.price) ?? '')?.[1]);
  if (!(unitSeconds > 0)) throw new Unsupported("holds and balances are the ledger's, proved by its own tests");
  const grant = /^(\d+) x k$/.exec(textOf(expected.session_timeout_s) ?? '')?.[1];
  const range = /^k x P, k in (\d+)\.\.(\d+)$/.exec(textOf(given.balance) ?? '');
  if (grant !== undefined && range) {
    const limitSeconds = wholeSeconds(given.asked_s, 'asked_s');
    return firstFailure(samples(Number(range[1]), Number(range[2])), ({ priceMicros, k }) => {
      const tariff = perInterval({ priceMicros, seconds: unitSeconds });
      const got = affordableSeconds(tariff, { startedAtMs: 0, budgetMicros: micros(k * priceMicros), limitSeconds });
      return compare(`seconds for ${k} x ${priceMicros}`, { expected: String(Number(grant) * k), got: String(got) });
    });
  }
  if (textOf(expected.charged) === `ceil((a + b) / ${unitSeconds}) x P`) {
    return firstFailure(samples(1, 3 * unitSeconds), ({ priceMicros, k }) =>
      sumOfSlices({ priceMicros, unitSeconds, used: k }),
    );
  }
  throw new Unsupported("holds and balances are the ledger's, proved by its own tests");
}

/** a seconds, then b more: each report is charged the price so far less what was charged before. */
function sumOfSlices(sample: {
  readonly priceMicros: Micros;
  readonly unitSeconds: number;
  readonly used: number;
}): Verdict {
  const { priceMicros, unitSeconds, used } = sample;
  const tariff = perInterval({ priceMicros, seconds: unitSeconds });
  const upTo = (durationSeconds: number) => priceCall(tariff, { startedAtMs: 0, durationSeconds });
  const final = used + Math.ceil(used / 2);
  const charged = upTo(used) + (upTo(final) - upTo(used));
  const expected = Math.ceil(final / unitSeconds) * priceMicros;
  return compare(`${used} s and ${final - used} s`, { expected: String(expected), got: String(charged) });
}

function samples(first: number, last: number): { readonly priceMicros: Micros; readonly k: number }[] {
  const counts = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  return SAMPLE_PRICES.flatMap((priceMicros) => counts.map((k) => ({ priceMicros, k })));
}

function firstFailure<Sample>(all: readonly Sample[], check: (sample: Sample) => Verdict): Verdict {
  return all.map(check).find(({ outcome }) => outcome === 'fail') ?? { outcome: 'pass' };
}

function perInterval({ priceMicros, seconds }: { readonly priceMicros: Micros; readonly seconds: number }): Tariff {
  const step = { fromSecond: 0, priceMicros, intervalSeconds: seconds, incrementSeconds: seconds };
  return {
    connectionFeeMicros: ZERO_MICROS,
    steps: [step],
    windows: [],
    timeZone: 'UTC',
    rounding: roundingOf(undefined),
  };
}
