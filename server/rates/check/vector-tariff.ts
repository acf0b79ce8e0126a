/**
 * The tariff of a vector in our own terms. What our tariffs say themselves is translated one to one (steps, fees, windows, rounding);
 * tax goes into the prices, standing charges into the connection fee, free seconds into a first step of nothing.
 */
import { MAX_CALL_SECONDS } from '../../../src/protocol/duration.ts';
import { addMicros, type Micros, micros, ZERO_MICROS } from '../../../src/protocol/money.ts';
import type { RateStep, Rounding, RoundingMode, Tariff } from '../../../src/protocol/rate.ts';
import { readTimeZone } from '../rate-cell.ts';
import { needMicros, needPrice, wholeSeconds, withPercent } from './exact-decimal.ts';
import { type Fields, isFields, needFields, needText, refuseUnknown, textOf, Unsupported } from './vector.ts';
import { peakWindows, plainWindows, type WindowReader } from './vector-windows.ts';

const KNOWN = [
  'connect_fee',
  'connection_fee',
  'steps',
  'windows',
  'timezone',
  'time_zone',
  'rule',
  'rounding',
  'max_cost',
  'increment_s',
  'increment_rounding',
  'standing_charge',
  'initial_s',
  'next_s',
  'extra_charge',
  'offpeak',
  'onpeak',
  'schedule',
  'tax_percent',
  'tax_order',
  'price',
  'per_s',
  'note',
  'notes',
  'currency',
];
const AFTER = /^after_(\d+)_s$/;
/** "free_s", "free_seconds", "free_time_s": seconds at the beginning of each call. */
const FREE = /^free_(?:time_)?s(?:econds)?$/;

const MICRO_DECIMALS = 6;
/** Where nothing is said, the sum is kept to the micro. */
const EXACT: Rounding = { mode: 'half_up', decimals: MICRO_DECIMALS };

/** What the translation of a rate needs to know of the vector around it. */
export interface TariffContext {
  /** Seconds of the call: schedules that alternate are written out for so long. */
  readonly durationSeconds: number;
  /** Seconds at the beginning that something else has paid for. */
  readonly freeSeconds: number;
  /** Percent that is in the prices; "0" when there is none or when it comes after rounding. */
  readonly taxPercent: string;
  readonly scheduleOf: (reference: string) => string;
}

export function tariffOf(rate: Fields, context: TariffContext): Tariff {
  refuseUnknown(rate, [...KNOWN, ...Object.keys(rate).filter((name) => AFTER.test(name) || FREE.test(name))]);
  const connectionFeeMicros = addMicros(feeOf(rate, context), amountOf(rate.standing_charge, context));
  const common = { timeZone: zoneOf(rate.timezone ?? rate.time_zone), rounding: roundingOf(rate.rounding) };
  const reader: WindowReader = {
    steps: (fields) => stepsOf({ ...inherited(rate), ...fields }, context),
    fee: (fields) => feeOf(fields, context),
  };
  if (Array.isArray(rate.windows)) {
    const windows = plainWindows(rate.windows, reader).map((window) => ({
      ...window,
      connectionFeeMicros: addMicros(window.connectionFeeMicros, connectionFeeMicros),
    }));
    // Beside its windows a rate may say what holds at all other times.
    const isOnlyWindows = rate.steps === undefined && rate.price === undefined;
    return { ...common, connectionFeeMicros, steps: isOnlyWindows ? nothing() : stepsOf(rate, context), windows };
  }
  if (isFields(rate.offpeak) || isFields(rate.onpeak))
    return { ...common, ...peakWindows(rate, { ...context, ...reader }) };
  return { ...common, connectionFeeMicros, steps: stepsOf(rate, context), windows: [] };
}

function zoneOf(value: unknown): string {
  const timeZone = textOf(value) ?? 'UTC';
  try {
    return readTimeZone(timeZone);
  } catch {
    throw new Unsupported(`the time zone "${timeZone}"`);
  }
}

const INHERITED: readonly string[] = ['increment_s', 'per_s', 'initial_s', 'next_s'];

/** What a window has from the rate around it when it does not say so itself. */
function inherited(rate: Fields): Fields {
  return Object.fromEntries(
    Object.entries(rate).filter(([name]) => INHERITED.includes(name) || AFTER.test(name) || FREE.test(name)),
  );
}

function stepsOf(fields: Fields, context: TariffContext): RateStep[] {
  const steps = Array.isArray(fields.steps)
    ? fields.steps.map((step: unknown) => plainStepOf(needFields(step, 'step'), context))
    : fields.initial_s !== undefined
      ? incrementSteps(fields, context)
      : [stepOf({ from_s: 0, ...fields }, context), ...laterSteps(fields, context)];
  steps.sort((first, second) => first.fromSecond - second.fromSecond);
  if (steps[0]?.fromSecond !== 0) throw new Unsupported('no step from second 0');
  const free = freeSecondsOf(fields) + context.freeSeconds;
  if (free === 0) return steps;
  const freeStep = { fromSecond: 0, priceMicros: ZERO_MICROS, intervalSeconds: 1, incrementSeconds: free };
  return [freeStep, ...steps.map((step) => ({ ...step, fromSecond: step.fromSecond + free }))];
}

function plainStepOf(fields: Fields, context: TariffContext): RateStep {
  refuseUnknown(fields, ['from_s', 'price', 'per_s', 'increment_s', 'note', 'notes']);
  return stepOf(fields, context);
}

function stepOf(fields: Fields, context: TariffContext): RateStep {
  const perSeconds = wholeSeconds(fields.per_s ?? 60, 'per_s');
  const price = withPercent(needText(fields.price, 'price'), context.taxPercent);
  return {
    fromSecond: Number(needText(fields.from_s ?? 0, 'from_s')),
    ...needPrice(price, perSeconds),
    incrementSeconds: wholeSeconds(fields.increment_s ?? 1, 'increment_s'),
  };
}

/** A billing increment alone, with the price (if any) that goes with it. */
function incrementSteps(fields: Fields, context: TariffContext): RateStep[] {
  const initial = wholeSeconds(fields.initial_s, 'initial_s');
  const price = { price: fields.price ?? '0', per_s: fields.per_s ?? 60 };
  return [
    stepOf({ ...price, increment_s: initial }, context),
    stepOf({ ...price, from_s: initial, increment_s: fields.next_s ?? initial }, context),
  ];
}

/** "after_300_s": another price from second 300 on. */
function laterSteps(fields: Fields, context: TariffContext): RateStep[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const second = AFTER.exec(name)?.[1];
    if (second === undefined) return [];
    return [
      stepOf({ increment_s: fields.increment_s ?? 1, ...needFields(value, name), from_s: Number(second) }, context),
    ];
  });
}

function freeSecondsOf(fields: Fields): number {
  const name = Object.keys(fields).find((key) => FREE.test(key));
  return name === undefined || fields[name] === null ? 0 : wholeSeconds(fields[name], name);
}

function feeOf(fields: Fields, context: TariffContext): Micros {
  return amountOf(fields.connect_fee ?? fields.connection_fee, context);
}

function amountOf(value: unknown, context: TariffContext): Micros {
  if (value === undefined || value === null) return ZERO_MICROS;
  return needMicros(withPercent(needText(value, 'fee'), context.taxPercent), 'fee');
}

export function isUnrounded(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return isFields(value) && /^(none|no\b|off$|disabled)/i.test(textOf(value.mode) ?? '');
}

export function roundingOf(value: unknown): Rounding {
  if (isUnrounded(value)) return EXACT;
  const { mode, decimals } = needFields(value, 'rounding');
  const digits = Number(needText(decimals ?? MICRO_DECIMALS, 'rounding.decimals'));
  if (!Number.isInteger(digits) || Math.abs(digits) > MICRO_DECIMALS) {
    throw new Unsupported(`rounding to ${textOf(decimals)} decimals: money has ${MICRO_DECIMALS}`);
  }
  return { mode: modeOf(needText(mode, 'rounding.mode')), decimals: digits };
}

/** "up", "half-up (*middle)", "always down", "bankers" ... */
function modeOf(text: string): RoundingMode {
  const names: readonly (readonly [RegExp, RoundingMode])[] = [
    [/half.?(to.?)?even|bank/i, 'half_even'],
    [/half.?up|half.?away|middle|nearest|math/i, 'half_up'],
    [/^half$/i, 'half_up'],
    [/up|ceil/i, 'up'],
    [/down|floor|trunc/i, 'down'],
  ];
  const found = names.find(([pattern]) => pattern.test(text));
  // "half-down" is neither of them.
  if (!found || (/half/i.test(text) && !found[1].startsWith('half'))) throw new Unsupported(`rounding mode "${text}"`);
  return found[1];
}

/** Windows of a vector cover what it asks for; a moment outside all of them costs nothing. */
function nothing(): RateStep[] {
  return [{ fromSecond: 0, priceMicros: micros(0), intervalSeconds: 1, incrementSeconds: 1 }];
}

/** A single amount when the call has passed a second: priced as a call of its own, free up to there. */
export function extraChargeTariff(rate: Fields, tariff: Tariff): Tariff | null {
  if (!isFields(rate.extra_charge)) return null;
  const { at_second: atSecond, amount } = rate.extra_charge;
  if (atSecond === null || atSecond === undefined) return null;
  const second = Number(needText(atSecond, 'at_second'));
  const once = { intervalSeconds: MAX_CALL_SECONDS, incrementSeconds: MAX_CALL_SECONDS };
  const charge = { fromSecond: second, priceMicros: needMicros(amount, 'amount'), ...once };
  const steps = second === 0 ? [charge] : [...nothing(), charge];
  return { connectionFeeMicros: ZERO_MICROS, steps, windows: [], timeZone: tariff.timeZone, rounding: tariff.rounding };
}
