/** Prices of metered services, beside the rates of calls in office-rates.ts. */
import { freeTariff } from '../../server/calls/agreed-rate.ts';
import { micros } from '../../src/protocol/money.ts';
import type { Rate } from '../../src/protocol/rate.ts';

export const SERVICE_RATES: readonly Rate[] = [
  serviceRate({ service: 'sms', prefix: '49', each: 90_000 }),
  serviceRate({ service: 'sms', prefix: '1', each: 7_900 }),
  serviceRate({ service: 'mms', prefix: '1', each: 20_000 }),
  serviceRate({ service: 'fax', prefix: '*', each: 60_000, fee: 100_000 }),
  serviceRate({ service: 'transcription', prefix: '*', each: 24_000 }),
  serviceRate({ service: 'recording', prefix: '*', each: 2_500 }),
  serviceRate({ service: 'transfer', prefix: '*', each: 10_000 }),
  serviceRate({ service: 'barge', prefix: '*', each: 3_333 }),
  serviceRate({ service: 'pager', prefix: '*', each: 1 }),
];

export function serviceRate(terms: {
  readonly service: string;
  readonly prefix: string;
  readonly each: number;
  readonly fee?: number;
}): Rate {
  return {
    ...freeTariff('UTC'),
    service: terms.service,
    rateId: `${terms.service}/${terms.prefix}`,
    prefix: terms.prefix,
    destination: `${terms.service} ${terms.prefix}`,
    kind: 'international',
    direction: 'outbound',
    licence: null,
    currency: 'USD',
    effectiveFromMs: null,
    effectiveToMs: null,
    connectionFeeMicros: micros(terms.fee ?? 0),
    steps: [{ fromSecond: 0, priceMicros: micros(terms.each), intervalSeconds: 1, incrementSeconds: 1 }],
  };
}
