/**
 * Rates: what a destination costs. A rate is data; `price.ts` is the only place that computes with it.
 *
 *   rate ── connection fee, once, when the call lasts longer than 0 s
 *        ── steps: from second s, price per interval, charged in whole increments   (60/60, 30/6, 1/1, free seconds)
 *        ── windows: other steps by local weekday and time of day
 *        ── rounding of the total: mode and decimals
 */
import * as z from 'zod/mini';
import { brandedSchema } from './branded-schema.ts';
import { MAX_CALL_SECONDS } from './duration.ts';
import { MAX_MICROS, type Micros } from './money.ts';

export const microsSchema = brandedSchema<Micros, number>(z.int().check(z.gte(-MAX_MICROS), z.lte(MAX_MICROS)));
export const amountMicrosSchema = brandedSchema<Micros, number>(z.int().check(z.gte(0), z.lte(MAX_MICROS)));

export const RATE_KINDS = [
  'local',
  'domestic',
  'international',
  'mobile',
  'toll_free',
  'premium',
  'emergency',
  'internal',
] as const;
export const CALL_DIRECTIONS = ['outbound', 'inbound'] as const;
export const ROUNDING_MODES = ['up', 'down', 'half_up', 'half_even'] as const;
export type RateKind = (typeof RATE_KINDS)[number];
export type CallDirection = (typeof CALL_DIRECTIONS)[number];
export type RoundingMode = (typeof ROUNDING_MODES)[number];

const secondSchema = z.int().check(z.gte(0), z.lte(MAX_CALL_SECONDS));
const positiveSecondSchema = z.int().check(z.gte(1), z.lte(MAX_CALL_SECONDS));
const timeOfDaySchema = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$|^24:00:00$/));

/** From `fromSecond` of the call on, `priceMicros` for each `intervalSeconds`, charged in whole `incrementSeconds`. */
export const rateStepSchema = z.object({
  fromSecond: secondSchema,
  priceMicros: amountMicrosSchema,
  intervalSeconds: positiveSecondSchema,
  incrementSeconds: positiveSecondSchema,
});
export type RateStep = z.output<typeof rateStepSchema>;

/**
 * Local time of the tariff's zone, `fromTime` inclusive, `toTime` exclusive; `toTime` at or before `fromTime` runs over
 * midnight. ISO weekdays, 1 = Monday; a window over midnight belongs to the day it begins on. An increment is priced by the
 * window in which the increment begins. The first window that matches wins; outside all windows the tariff's own steps hold.
 * The connection fee is that of the moment at which the call is answered.
 */
export const rateWindowSchema = z.object({
  days: z.array(z.int().check(z.gte(1), z.lte(7))),
  fromTime: timeOfDaySchema,
  toTime: timeOfDaySchema,
  connectionFeeMicros: amountMicrosSchema,
  steps: z.array(rateStepSchema),
});
export type RateWindow = z.output<typeof rateWindowSchema>;

export const roundingSchema = z.object({
  mode: z.enum(ROUNDING_MODES),
  /** Decimals of the currency unit that the total is rounded to, 0 to 6. */
  decimals: z.int().check(z.gte(0), z.lte(6)),
});
export type Rounding = z.output<typeof roundingSchema>;

/** The part of a rate that a price is computed from. `steps` is sorted by `fromSecond` and begins at 0. */
export const tariffSchema = z.object({
  connectionFeeMicros: amountMicrosSchema,
  steps: z.array(rateStepSchema).check(z.minLength(1)),
  windows: z.array(rateWindowSchema),
  /** IANA name, for instance "Europe/Vienna". */
  timeZone: z.string(),
  rounding: roundingSchema,
});
export type Tariff = z.output<typeof tariffSchema>;

/** The prefix of a rate for a service that goes to no number. */
export const ANY_PREFIX = '*';

/** One row of a rate deck. `prefix` is E.164 digits without "+"; the longest one that fits a number wins. */
export const rateSchema = z.object({
  ...tariffSchema.shape,
  rateId: z.string(),
  /** The metered service that this is the price of (service.ts), with units in the place of seconds; left out for calls. */
  service: z.optional(z.string()),
  prefix: z.string(),
  destination: z.string(),
  kind: z.enum(RATE_KINDS),
  direction: z.enum(CALL_DIRECTIONS),
  /** The licence this rate is for (D-28); null is everybody else. */
  licence: z.nullable(z.string()),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  effectiveFromMs: z.nullable(z.int()),
  effectiveToMs: z.nullable(z.int()),
});
export type Rate = z.output<typeof rateSchema>;
