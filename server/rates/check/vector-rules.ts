/** Rules of vectors that our tariffs do not have, said by tariffs that price.ts can price. */
import {
  addMicros,
  decimalFromMicros,
  type Micros,
  micros,
  subtractMicros,
  ZERO_MICROS,
} from '../../../src/protocol/money.ts';
import { affordableSeconds, type PricedCall, priceCall } from '../../../src/protocol/price.ts';
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

/** max_cost "free": beyond the limit the call costs nothing more. Two steps say so: what is left of the limit, then nothing. */
export function capped(tariff: Tariff, { rate, call }: { readonly rate: Fields; readonly call: PricedCall }): Tariff {
  if (!isFields(rate.max_cost) || !/free/i.test(textOf(rate.max_cost.strategy) ?? '')) return tariff;
  if (tariff.windows.length > 0) throw new Unsupported('a cost limit together with time-of-day windows');
  const limitMicros = needMicros(rate.max_cost.amount, 'max_cost.amount');
  const paidSeconds = affordableSeconds(tariff, {
    startedAtMs: call.startedAtMs,
    budgetMicros: limitMicros,
    limitSeconds: call.durationSeconds,
  });
  const paidMicros = priceCall(tariff, { ...call, durationSeconds: paidSeconds });
  const once = { intervalSeconds: 1, incrementSeconds: 1 };
  const left: RateStep = { fromSecond: paidSeconds, priceMicros: subtractMicros(limitMicros, paidMicros), ...once };
  const free: RateStep = { fromSecond: paidSeconds + 1, priceMicros: ZERO_MICROS, ...once };
  return { ...tariff, steps: [...tariff.steps.filter(({ fromSecond }) => fromSecond < paidSeconds), left, free] };
}

/** "down: only completed 60 s cycles ...": unlike on a phone bill, a cycle that has begun does not count. */
export function isCompletedOnly(rate: Fields): boolean {
  return /^down\b|completed/i.test(textOf(rate.increment_rounding) ?? '');
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
