/**
 * The price of a call. The meter on the screen and the charge in the ledger both come from `priceCall`, always for the
 * whole call from its first second: the sum of rounded slices is not the price.
 *
 *   price.ts ── what is asked
 *     ├─ tariff-charges.ts ── which increments a call consists of   (steps, windows)
 *     │    └─ tariff-clock.ts ── which window holds, until when     (time zone, daylight saving)
 *     └─ sum-charges.ts ── what they add up to                      (fractions without loss, one rounding)
 */

import { type Micros, micros } from './money.ts';
import type { RateStep, Tariff } from './rate.ts';
import { sumCharges } from './sum-charges.ts';
import { type Charge, tariffCharges } from './tariff-charges.ts';

/** When a call began (server clock, ms since 1970) and how long it lasted. */
export interface PricedCall {
  readonly startedAtMs: number;
  /** A second that has begun counts whole. */
  readonly durationSeconds: number;
}

/**
 * What a call of this length costs. 0 seconds cost nothing, also where there is a connection fee.
 * Throws RangeError for a duration that is no duration, and for a price beyond MAX_MICROS.
 */
export function priceCall(tariff: Tariff, call: PricedCall): Micros {
  return sumCharges(tariffCharges(tariff, call), tariff.rounding);
}

/** The seconds that are billed for a call of this length: whole increments. */
export function billedSeconds(tariff: Tariff, call: PricedCall): number {
  const last = tariffCharges(tariff, call).charges.at(-1);
  return last === undefined ? 0 : endOf(last);
}

/**
 * The longest duration, in whole seconds and at most `limitSeconds`, whose price is within `budgetMicros`; 0 when the first
 * block is not covered; `limitSeconds` when the call is free.
 */
export function affordableSeconds(
  tariff: Tariff,
  budget: { readonly startedAtMs: number; readonly budgetMicros: Micros; readonly limitSeconds: number },
): number {
  const { connectionFeeMicros, charges } = tariffCharges(tariff, {
    startedAtMs: budget.startedAtMs,
    durationSeconds: budget.limitSeconds,
  });
  const isCovered = (part: readonly Charge[]) =>
    sumCharges({ connectionFeeMicros, charges: part }, tariff.rounding) <= budget.budgetMicros;
  if (isCovered(charges)) return budget.limitSeconds;
  const paid = charges.slice(
    0,
    largest({ below: charges.length, that: (count) => isCovered(charges.slice(0, count)) }),
  );
  const cut = charges[paid.length];
  if (cut === undefined) return budget.limitSeconds;
  const increments = largest({
    below: cut.increments,
    that: (count) => isCovered([...paid, { ...cut, increments: count }]),
  });
  return Math.min(endOf({ ...cut, increments }), budget.limitSeconds);
}

/** What must be there to begin the call: connection fee and the first billed block. */
export function firstBlock(
  tariff: Tariff,
  at: { readonly startedAtMs: number },
): { readonly seconds: number; readonly costMicros: Micros } {
  const call = { startedAtMs: at.startedAtMs, durationSeconds: 1 };
  return { seconds: billedSeconds(tariff, call), costMicros: priceCall(tariff, call) };
}

const HEADLINE_SECONDS = 3600;

/**
 * The headline price of a minute at this moment, for the price tag and for price caps: the dearest step of the first hour,
 * the windows that the call would run into included. Rounded up to a micro.
 */
export function perMinuteMicros(tariff: Tariff, at: { readonly startedAtMs: number }): Micros {
  const { charges } = tariffCharges(tariff, { startedAtMs: at.startedAtMs, durationSeconds: HEADLINE_SECONDS });
  return micros(Math.max(...charges.map(({ step }) => minutePrice(step))));
}

/** True when no duration at any time can cost anything. */
export function isFree(tariff: Tariff): boolean {
  return [tariff, ...tariff.windows].every(
    ({ connectionFeeMicros, steps }) =>
      connectionFeeMicros === 0 && steps.every(({ priceMicros }) => priceMicros === 0),
  );
}

function endOf(charge: Charge): number {
  return charge.atSecond + charge.increments * charge.step.incrementSeconds;
}

function minutePrice(step: RateStep): number {
  return Number((BigInt(step.priceMicros) * 60n + BigInt(step.intervalSeconds) - 1n) / BigInt(step.intervalSeconds));
}

/** The largest whole number from 0 to `below` - 1 that passes, where all smaller ones pass too; 0 when none does. */
function largest(search: { readonly below: number; readonly that: (candidate: number) => boolean }): number {
  let passing = 0;
  let failing = search.below;
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2);
    if (search.that(middle)) passing = middle;
    else failing = middle;
  }
  return passing;
}
