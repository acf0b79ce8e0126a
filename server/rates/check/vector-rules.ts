/** Rules of vectors that our tariffs do not have, said by tariffs that price.ts can price. */
import {
  addMicros,
  decimalFromMicros,
  type Micros,
  micros,
  minMicros,
  ZERO_MICROS,
} from '../../../src/protocol/money.ts';
import { type PricedCall, priceCall } from '../../../src/protocol/price.ts';
import type { RateStep, Tariff } from '../../../src/protocol/rate.ts';
import { tariffCharges } from '../../../src/protocol/tariff-charges.ts';
import { needMicros, needPrice, wholeSeconds, withPercent } from './exact-decimal.ts';
import { type Fields, isFields, needText, textOf, Unsupported } from './vector.ts';

export function isTaxAfterRounding(rate: Fields): boolean {
  const order = (textOf(rate.tax_order) ?? '').replace(/unrounded/gi, '');
  return rate.tax_percent !== undefined && /\brounded|after rounding|^round/i.test(order);
}

/** Tax on the rounded price, rounded again: one second of a tariff that costs the taxed amount. */
export function taxed(netMicros: Micros, { rate, tariff }: { readonly rate: Fields; readonly tariff: Tariff }): Micros {
  const gross = withPercent(decimalFromMicros(netMicros), needText(rate.tax_percent, 'tax_percent'));
  const steps = [{ fromSecond: 0, ...needPrice(gross, 1), incrementSeconds: 1 }];
  return priceCall(
    { ...tariff, connectionFeeMicros: ZERO_MICROS, steps, windows: [] },
    { startedAtMs: 0, durationSeconds: 1 },
  );
}

/** max_cost: "free" beyond the limit is the lesser of price and limit; "disconnect" ends the call, which is a matter of its duration. */
export function capped(priceMicros: Micros, rate: Fields): Micros {
  if (!isFields(rate.max_cost)) return priceMicros;
  const strategy = textOf(rate.max_cost.strategy) ?? '';
  if (/disconnect/i.test(strategy)) return priceMicros;
  if (!/free/i.test(strategy)) throw new Unsupported(`max_cost with the strategy "${strategy}"`);
  return minMicros(priceMicros, needMicros(rate.max_cost.amount, 'max_cost.amount'));
}

/** "down: only completed 60 s cycles ...": unlike on a phone bill, a cycle that has begun does not count. */
export function isCompletedOnly(rate: Fields): boolean {
  const rounding = textOf(rate.increment_rounding) ?? 'up';
  if (/^up\b|started|begun/i.test(rounding)) return false;
  if (/^down\b|completed/i.test(rounding)) return true;
  throw new Unsupported(`increments rounded "${rounding}"`);
}

/**
 * Each stretch in which one window holds is a call of its own, cut down to whole cycles; the standing charge comes once. The
 * stretches come from the same walk over the windows that prices real calls, second by second.
 */
export function completedCost(
  tariff: Tariff,
  { call, rate }: { readonly call: PricedCall; readonly rate: Fields },
): Micros {
  const cycle = wholeSeconds(rate.increment_s, 'increment_s');
  const bySecond = (steps: readonly RateStep[]) => steps.map((step) => ({ ...step, incrementSeconds: 1 }));
  const { connectionFeeMicros, charges } = tariffCharges(
    {
      ...tariff,
      steps: bySecond(tariff.steps),
      windows: tariff.windows.map((window) => ({ ...window, steps: bySecond(window.steps) })),
    },
    call,
  );
  const stretches: { readonly step: RateStep; seconds: number }[] = [];
  for (const { step, increments } of charges) {
    const last = stretches.at(-1);
    if (last?.step === step) last.seconds += increments;
    else stretches.push({ step, seconds: increments });
  }
  const costs = stretches.map(({ step, seconds }) =>
    priceCall(
      {
        ...tariff,
        connectionFeeMicros: ZERO_MICROS,
        windows: [],
        steps: [{ ...step, fromSecond: 0, incrementSeconds: cycle }],
      },
      { ...call, durationSeconds: Math.floor(seconds / cycle) * cycle },
    ),
  );
  return addMicros(micros(connectionFeeMicros), ...costs);
}
