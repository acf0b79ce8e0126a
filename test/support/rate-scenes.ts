/** The call rates in the Credit tab, in every state. */
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { RatesSnapshot } from '../../src/phone/statement-snapshot.ts';
import { micros } from '../../src/protocol/money.ts';
import { refusal } from '../../src/protocol/problem.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import type { Scene } from './element-scene.ts';
import { sampleForecast } from './statement-samples.ts';
import { usage, withUsage } from './usage-scenes.ts';

export function sampleRate(facts: Partial<Rate> = {}): Rate {
  return {
    rateId: `outbound/${facts.prefix ?? '4915'}`,
    prefix: '4915',
    destination: 'Germany, mobile',
    kind: 'mobile',
    direction: 'outbound',
    licence: null,
    currency: 'USD',
    effectiveFromMs: null,
    effectiveToMs: null,
    connectionFeeMicros: micros(0),
    steps: [sampleStep()],
    windows: [],
    timeZone: 'UTC',
    rounding: { mode: 'up', decimals: 2 },
    ...facts,
  };
}

export function sampleStep(facts: Partial<Rate['steps'][number]> = {}): Rate['steps'][number] {
  return { fromSecond: 0, priceMicros: micros(55_000), intervalSeconds: 60, incrementSeconds: 60, ...facts };
}

const AT_MS = Date.UTC(2026, 2, 12, 14);

export const SAMPLE_RATES: readonly Rate[] = [
  sampleRate({
    prefix: '43',
    destination: 'Austria',
    kind: 'international',
    connectionFeeMicros: micros(50_000),
    steps: [sampleStep({ priceMicros: micros(100_000), incrementSeconds: 1 })],
  }),
  sampleRate(),
  sampleRate({
    prefix: '44',
    destination: 'United Kingdom',
    kind: 'international',
    steps: [
      sampleStep({ priceMicros: micros(60_000) }),
      sampleStep({ fromSecond: 60, priceMicros: micros(3_000), intervalSeconds: 6, incrementSeconds: 6 }),
    ],
    licence: 'contact-centre',
  }),
  sampleRate({ prefix: '1888', destination: 'Toll-free', kind: 'toll_free', direction: 'inbound' }),
  sampleRate({
    prefix: '=600',
    destination: 'Echo test',
    kind: 'internal',
    steps: [sampleStep({ priceMicros: micros(0) })],
  }),
  sampleRate({
    prefix: '49',
    destination: 'Germany',
    service: 'sms',
    steps: [sampleStep({ priceMicros: micros(90_000), intervalSeconds: 1, incrementSeconds: 1 })],
  }),
];

export function withRates(facts: Partial<RatesSnapshot> = {}): PhoneSnapshot {
  const rates = {
    search: '',
    atMs: AT_MS,
    rates: SAMPLE_RATES,
    isMoreThere: true,
    isLoading: false,
    refusal: null,
    ...facts,
  };
  return { ...withUsage(usage()), statement: { forecast: sampleForecast, usage: usage(), rates } };
}

const SCENES_OF_RATES: readonly Omit<Scene, 'panel' | 'lookAt'>[] = [
  { name: 'rates', snapshot: withRates() },
  { name: 'rates-loading', snapshot: withRates({ rates: [], isLoading: true }) },
  { name: 'rates-none', snapshot: withRates({ rates: [], search: 'Atlantis', isMoreThere: false }) },
  { name: 'rates-failed', snapshot: withRates({ rates: [], refusal: refusal('unavailable'), isMoreThere: false }) },
  { name: 'rates-more-failed', snapshot: withRates({ refusal: refusal('unavailable') }) },
  { name: 'rtl-rates', snapshot: withRates(), isRightToLeft: true },
];

export const RATE_SCENES: readonly Scene[] = SCENES_OF_RATES.map((scene) => ({
  ...scene,
  panel: 'credit',
  lookAt: 'credit-phone-call-rates',
}));
