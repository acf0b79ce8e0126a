/**
 * Micros to the currency's smallest unit and back, as card networks and Stripe count ("Supported currencies", docs.stripe.com/currencies).
 */
import { MICROS_PER_UNIT, type Micros, micros } from '../../src/protocol/money.ts';

const ZERO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Written with three decimals, of which the last must be 0. */
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '));
/** Without decimals by now, but still counted as if they had two. */
const WHOLE_UNITS_IN_HUNDREDTHS = new Set(['ISK', 'UGX', 'HUF', 'TWD']);

/** The smallest amount that can be charged a difference by: a cent, a yen, ten fils. */
export function stepMicros(currency: string): Micros {
  if (ZERO_DECIMALS.has(currency) || WHOLE_UNITS_IN_HUNDREDTHS.has(currency)) return micros(MICROS_PER_UNIT);
  return micros(MICROS_PER_UNIT / 100);
}

/** Throws RangeError for an amount that is no whole number of steps: it must have been refused before. */
export function minorFromMicros(amountMicros: Micros, currency: string): number {
  if (amountMicros % stepMicros(currency) !== 0) {
    throw new RangeError(`${amountMicros} micros are no amount that can be charged in ${currency}`);
  }
  return amountMicros / microsPerMinor(currency);
}

export function microsFromMinor(amountMinor: number, currency: string): Micros {
  return micros(amountMinor * microsPerMinor(currency));
}

function microsPerMinor(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return MICROS_PER_UNIT;
  return THREE_DECIMALS.has(currency) ? MICROS_PER_UNIT / 1_000 : MICROS_PER_UNIT / 100;
}
