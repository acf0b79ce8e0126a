/** A small rate deck for tests of calls, with the numbers that tests dial. */
import { freeTariff } from '../../server/calls/agreed-rate.ts';
import { micros } from '../../src/protocol/money.ts';
import type { Rate } from '../../src/protocol/rate.ts';

/** 0.06 a minute, whole minutes. */
export const GERMAN_MOBILE = '+4915123456789';
/** 0.05 connection fee, 0.10 a minute, by the second. */
export const AUSTRIA = '+43123456789';
export const PREMIUM = '+19005550100';
export const US_LOCAL = '+12025550100';
export const ECHO = '600';
export const EMERGENCY = '112';
export const NO_PRICE = '+37255501000';

export const RATES: readonly Rate[] = [
  rate({ prefix: '4915', destination: 'Germany, mobile', kind: 'mobile', perMinute: 60_000 }),
  rate({ prefix: '43', destination: 'Austria', kind: 'international', perMinute: 100_000, increment: 1, fee: 50_000 }),
  rate({ prefix: '1900', destination: 'Premium', kind: 'premium', perMinute: 1_900_000 }),
  rate({ prefix: '1', destination: 'United States', kind: 'domestic', perMinute: 0 }),
  rate({ prefix: '1', destination: 'United States', kind: 'domestic', perMinute: 20_000, licence: 'contact-centre' }),
  rate({ prefix: '=600', destination: 'Echo test', kind: 'local', perMinute: 0 }),
  rate({ prefix: '=112', destination: 'Emergency', kind: 'emergency', perMinute: 500_000 }),
  rate({ prefix: '1888', destination: 'Toll-free', kind: 'toll_free', perMinute: 20_000, direction: 'inbound' }),
];

export function rate(terms: {
  readonly prefix: string;
  readonly destination: string;
  readonly kind: Rate['kind'];
  readonly perMinute: number;
  readonly increment?: number;
  readonly fee?: number;
  readonly licence?: string;
  readonly direction?: Rate['direction'];
}): Rate {
  return {
    ...freeTariff('UTC'),
    rateId: `${terms.direction ?? 'outbound'}/${terms.prefix}/${terms.licence ?? ''}`,
    prefix: terms.prefix,
    destination: terms.destination,
    kind: terms.kind,
    direction: terms.direction ?? 'outbound',
    licence: terms.licence ?? null,
    currency: 'USD',
    effectiveFromMs: null,
    effectiveToMs: null,
    connectionFeeMicros: micros(terms.fee ?? 0),
    steps: [
      {
        fromSecond: 0,
        priceMicros: micros(terms.perMinute),
        intervalSeconds: 60,
        incrementSeconds: terms.increment ?? 60,
      },
    ],
  };
}
