/** The phone without a call: credit, line, requests, and what is typed. */
import { UNCONNECTED_SNAPSHOT } from '../../src/elements/unconnected-snapshot.ts';
import { AGENT, cents, EMPTY_BALANCE, IDLE, NO_CREDIT, REQUEST } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { ADMIN_IDLE, CRITICAL_BALANCE, EMPTY, LOW_BALANCE, TYPED, typed } from './scene-facts.ts';

export const PHONE_SCENES: readonly Scene[] = [
  { name: 'phone-unconnected', snapshot: { ...UNCONNECTED_SNAPSHOT } },
  { name: 'phone-idle', snapshot: IDLE },
  { name: 'phone-idle-admin', snapshot: ADMIN_IDLE },
  { name: 'phone-idle-time', snapshot: { ...IDLE, me: { ...AGENT, showBalance: 'time' } } },
  { name: 'phone-idle-none', snapshot: IDLE, showBalance: 'none' },
  { name: 'phone-low', snapshot: { ...IDLE, balance: LOW_BALANCE, creditLevel: 'low' } },
  { name: 'phone-critical', snapshot: { ...IDLE, balance: CRITICAL_BALANCE, creditLevel: 'critical' } },
  { name: 'phone-empty-credit', snapshot: EMPTY },
  { name: 'phone-credit-arrived', snapshot: { ...IDLE, creditArrivedMicros: cents(2500) } },
  { name: 'phone-gate-unreachable', snapshot: { ...IDLE, gateLink: 'unreachable' } },
  { name: 'phone-line-failed', snapshot: { ...IDLE, lineStatus: 'failed', lineFault: 'unreachable' } },
  { name: 'phone-line-reconnecting', snapshot: { ...IDLE, lineStatus: 'reconnecting' } },
  { name: 'phone-sound-blocked', snapshot: { ...IDLE, isSoundBlocked: true } },
  { name: 'phone-asked', snapshot: { ...EMPTY, creditRequests: [REQUEST] } },
  {
    name: 'phone-granted',
    snapshot: {
      ...IDLE,
      creditRequests: [{ ...REQUEST, state: 'granted', answeredByName: 'Dana', addedMicros: cents(2500) }],
    },
  },
  { name: 'phone-admin-request', snapshot: { ...ADMIN_IDLE, creditRequests: [REQUEST] } },
  { name: 'phone-typed', snapshot: TYPED },
  { name: 'phone-typed-loading', snapshot: { ...IDLE, dialled: '+4915', quote: { state: 'loading', to: '+4915' } } },
  { name: 'phone-typed-free', snapshot: typed({ isFree: true, destination: 'Echo test', kind: 'internal' }, '600') },
  { name: 'phone-typed-fee', snapshot: typed({ connectionFeeMicros: cents(10), perMinuteMicros: cents(1.25) }) },
  {
    name: 'phone-typed-emergency',
    snapshot: typed({ isFree: true, kind: 'emergency', destination: 'Emergency' }, '112'),
  },
  {
    name: 'phone-typed-no-credit',
    snapshot: { ...typed({ refusal: NO_CREDIT }), balance: EMPTY_BALANCE, creditLevel: 'empty' },
  },
  {
    name: 'phone-typed-no-rate',
    snapshot: {
      ...IDLE,
      dialled: '+88312345',
      quote: { state: 'refused', to: '+88312345', refusal: { code: 'no_rate', whoCanFix: 'operator' } },
    },
  },
  {
    name: 'phone-typed-dear',
    snapshot: typed({
      refusal: {
        code: 'price_above_limit',
        whoCanFix: 'admin',
        perMinuteMicros: cents(190),
        limitMicros: cents(50),
        currency: 'USD',
      },
    }),
  },
];
