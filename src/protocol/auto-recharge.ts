/** The sentence that an admin agrees to, as a number. Pure; the panel computes it while somebody types, the server when it is saved. */
import { type Micros, micros, minMicros, ZERO_MICROS } from './money.ts';

/** Auto-recharges of one wallet in one local day at most, whatever the monthly limit says. */
export const MOST_RECHARGES_IN_DAY = 5;
const LONGEST_MONTH_DAYS = 31;

/**
 * "Most it can ever take from your card in a month": whole recharges only, as many as the monthly limit and the daily cap allow. Rounded
 * down, because a recharge that does not fit under the limit any more is not made.
 */
export function mostInMonthMicros(settings: {
  readonly amountMicros: Micros;
  readonly monthlyLimitMicros: Micros;
}): Micros {
  const { amountMicros, monthlyLimitMicros } = settings;
  if (amountMicros === 0) return ZERO_MICROS;
  const underLimit = micros(Math.floor(monthlyLimitMicros / amountMicros) * amountMicros);
  return minMicros(underLimit, micros(MOST_RECHARGES_IN_DAY * LONGEST_MONTH_DAYS * amountMicros));
}
