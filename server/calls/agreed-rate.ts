/**
 * The rate that was agreed at authorization, as the call's row keeps it. The call is priced by it to its end, whatever the deck says later.
 */
import { ZERO_MICROS } from '../../src/protocol/money.ts';
import { type Rate, rateSchema, type Tariff } from '../../src/protocol/rate.ts';
import type { CallRow } from '../storage/rows.ts';

/** Many calls share few rates: a text is parsed once. */
const MAX_PARSED = 2_000;
const parsed = new Map<string, Rate>();

export function agreedRate(row: Pick<CallRow, 'rate'>): Rate {
  const known = parsed.get(row.rate);
  if (known) return known;
  const rate = rateSchema.parse(JSON.parse(row.rate));
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(row.rate, rate);
  return rate;
}

/** The same destination at no price: what is never gated by credit is never charged either. */
export function withoutPrice(rate: Rate): Rate {
  return { ...rate, ...freeTariff(rate.timeZone) };
}

export function freeTariff(timeZone: string): Tariff {
  return {
    connectionFeeMicros: ZERO_MICROS,
    steps: [{ fromSecond: 0, priceMicros: ZERO_MICROS, intervalSeconds: 60, incrementSeconds: 1 }],
    windows: [],
    timeZone,
    rounding: { mode: 'up', decimals: 6 },
  };
}

/** A whole rate from a tariff, for what no deck knows: extensions, and the inbound price of an owned number. */
export function ownRate(
  own: Pick<Rate, 'rateId' | 'prefix' | 'destination' | 'kind' | 'direction' | 'currency'>,
  tariff: Tariff,
): Rate {
  return { ...tariff, ...own, licence: null, effectiveFromMs: null, effectiveToMs: null };
}
