/** The Credit tab in every state, without what has scenes of its own. */
import { ADMIN, BALANCE, cents, HELD_BALANCE, NOW_MS, REQUEST } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { ADMIN_IDLE, EMPTY } from './scene-facts.ts';

export const CREDIT_SCENES: readonly Scene[] = [
  { name: 'credit', snapshot: { ...ADMIN_IDLE, balance: HELD_BALANCE }, panel: 'credit' },
  { name: 'credit-empty', snapshot: { ...EMPTY, me: ADMIN, creditRequests: [REQUEST] }, panel: 'credit' },
  {
    name: 'credit-added',
    snapshot: {
      ...ADMIN_IDLE,
      creditArrivedMicros: cents(2500),
      balance: { ...BALANCE, availableMicros: cents(4340) },
    },
    panel: 'credit',
  },
  { name: 'credit-busy', snapshot: { ...ADMIN_IDLE, isAddingCredit: true }, panel: 'credit' },
  {
    name: 'credit-error',
    snapshot: { ...ADMIN_IDLE, addCreditRefusal: { code: 'unavailable', whoCanFix: 'operator' } },
    panel: 'credit',
  },
  {
    name: 'credit-paused',
    snapshot: {
      ...ADMIN_IDLE,
      balance: {
        ...BALANCE,
        pause: { sinceMs: NOW_MS, byName: 'Dana' },
        works: { callingOut: false, receiving: true, buyingNumbers: true },
      },
    },
    panel: 'credit',
  },
  { name: 'credit-real-money', snapshot: { ...ADMIN_IDLE, me: { ...ADMIN, isDemo: false } }, panel: 'credit' },
  { name: 'credit-loading', snapshot: { ...ADMIN_IDLE, balance: null, creditLevel: 'unknown' }, panel: 'credit' },
];
