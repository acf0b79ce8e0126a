/** The gallery: every screen in every state. Screenshots, accessibility and fit are checked scene by scene. */

import { UNCONNECTED_SNAPSHOT } from '../../src/elements/unconnected-snapshot.ts';
import type { CallSnapshot, PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { ShopNumber } from '../../src/protocol/number.ts';
import { ALERT_SCENES } from './alert-scenes.ts';
import { BILLING_SCENES } from './billing-scenes.ts';
import {
  ADMIN,
  AGENT,
  BALANCE,
  CALL,
  cents,
  EMPTY_BALANCE,
  HELD_BALANCE,
  IDLE,
  NO_CREDIT,
  NOW_MS,
  QUOTE,
  REQUEST,
  SHOP_NUMBER,
  SHORT_FOR_NUMBER,
} from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { OWN_NUMBER_SCENES } from './own-number-scenes.ts';
import { RATE_SCENES } from './rate-scenes.ts';
import { USAGE_SCENES } from './usage-scenes.ts';

const LOW_BALANCE = {
  ...BALANCE,
  availableMicros: cents(410),
  balanceMicros: cents(410),
  level: 'low',
  talkSeconds: 68 * 60,
} as const;
const CRITICAL_BALANCE = {
  ...BALANCE,
  availableMicros: cents(24),
  balanceMicros: cents(24),
  level: 'critical',
  talkSeconds: 250,
} as const;
const ADMIN_IDLE: PhoneSnapshot = { ...IDLE, me: ADMIN };
const EMPTY: PhoneSnapshot = { ...IDLE, balance: EMPTY_BALANCE, creditLevel: 'empty' };
const TYPED: PhoneSnapshot = {
  ...IDLE,
  dialled: '+4915123456789',
  quote: { state: 'known', to: '+4915123456789', quote: QUOTE },
};

function typed(quote: Partial<typeof QUOTE>, dialled = '+4915123456789'): PhoneSnapshot {
  return { ...IDLE, dialled, quote: { state: 'known', to: dialled, quote: { ...QUOTE, ...quote } } };
}

function inCall(facts: Partial<CallSnapshot>, more: Partial<PhoneSnapshot> = {}): PhoneSnapshot {
  return { ...IDLE, balance: HELD_BALANCE, call: { ...CALL, ...facts }, ...more };
}

/** What is left of a month of 30 days: a third. */
function restOfMonth(
  setupCents: number,
  monthlyCents: number,
): Pick<ShopNumber, 'setupMicros' | 'monthlyMicros' | 'dueTodayMicros' | 'due'> {
  const firstMonthMicros = cents(monthlyCents / 3);
  return {
    setupMicros: cents(setupCents),
    monthlyMicros: cents(monthlyCents),
    dueTodayMicros: cents(setupCents + monthlyCents / 3),
    due: { setupMicros: cents(setupCents), firstMonthMicros, days: 10, daysInMonth: 30, nextRentDay: '2026-12-01' },
  };
}

const NUMBERS: readonly ShopNumber[] = [
  SHOP_NUMBER,
  {
    ...SHOP_NUMBER,
    ...restOfMonth(20, 300),
    number: '+18005550199',
    type: 'toll_free',
    region: 'United States',
    inboundPerMinuteMicros: cents(2.2),
  },
  {
    ...SHOP_NUMBER,
    number: '+351210000123',
    country: 'PT',
    region: 'Lisbon',
    inboundPerMinuteMicros: cents(0),
    status: 'owned',
  },
  {
    ...SHOP_NUMBER,
    ...restOfMonth(500, 645),
    number: '+4915199999901',
    country: 'DE',
    type: 'mobile',
    region: 'Germany',
  },
  { ...SHOP_NUMBER, number: '+442079460123', country: 'GB', region: 'London', status: 'taken' },
];

const THIN_NUMBERS = NUMBERS.map((number, index) =>
  number.status === 'available'
    ? { ...number, thin: { leavesMicros: cents(index === 0 ? 0 : 1.5), takesCalls: index === 3 } }
    : number,
);

/** What a carrier is asked for, and what it could not deliver. */
const ORDERED_NUMBERS: readonly ShopNumber[] = [
  { ...SHOP_NUMBER, number: '+13125550101', region: 'Chicago, IL', status: 'ordering' },
  { ...SHOP_NUMBER, number: '+13095550102', region: 'Peoria, IL', status: 'failed' },
  ...NUMBERS,
];

function shop(facts: Partial<Extract<PhoneSnapshot['shop'], { state: 'full' }>>): PhoneSnapshot['shop'] {
  return { state: 'full', numbers: NUMBERS, isMoreThere: true, buying: null, bought: null, refusal: null, ...facts };
}

const SHORT_NUMBERS = NUMBERS.map((number) =>
  number.status === 'available'
    ? { ...number, refusal: { ...SHORT_FOR_NUMBER, neededMicros: number.dueTodayMicros } }
    : number,
);
const SHORT_BALANCE = {
  ...BALANCE,
  availableMicros: cents(50),
  balanceMicros: cents(50),
  level: 'critical',
  talkSeconds: 500,
} as const;

export const SCENES: readonly Scene[] = [
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
  { name: 'call-authorizing', snapshot: inCall({ phase: 'authorizing', talkSeconds: 0 }) },
  { name: 'call-ringing', snapshot: inCall({ phase: 'ringing', talkSeconds: 0 }) },
  { name: 'call-talking', snapshot: inCall({}) },
  { name: 'call-free', snapshot: inCall({ isFree: true, label: 'Echo test', number: '600', secondsLeft: null }) },
  { name: 'call-held-muted', snapshot: inCall({ isHeld: true, isMuted: true }) },
  { name: 'call-poor', snapshot: inCall({ quality: 'poor' }) },
  { name: 'call-no-microphone', snapshot: inCall({ microphoneFault: 'missing' }) },
  { name: 'call-link-lost', snapshot: inCall({ isLinkLost: true }) },
  {
    name: 'call-warning-120',
    snapshot: inCall({ warning: 120, secondsLeft: 119, talkSeconds: 603, costMicros: cents(66) }),
  },
  {
    name: 'call-warning-60',
    snapshot: inCall({ warning: 60, secondsLeft: 58, talkSeconds: 662, costMicros: cents(66) }),
  },
  {
    name: 'call-warning-30-admin',
    snapshot: inCall({ warning: 30, secondsLeft: 29, talkSeconds: 691, costMicros: cents(72) }, { me: ADMIN }),
  },
  { name: 'call-saved', snapshot: inCall({ wasExtended: true, secondsLeft: 48 * 60 }) },
  {
    name: 'call-long',
    snapshot: inCall({
      label: 'Dr. Konstantinos Papadopoulos-Vassilakis',
      talkSeconds: 5_432,
      costMicros: cents(12_345.67),
    }),
  },
  {
    name: 'call-waiting',
    snapshot: inCall(
      {},
      {
        waiting: {
          ...CALL,
          callId: 'call-0009',
          phase: 'incoming',
          direction: 'inbound',
          label: 'Grace Obi',
          number: '+442079460123',
        },
      },
    ),
  },
  { name: 'call-strip', snapshot: inCall({ warning: 60, secondsLeft: 44 }), panel: 'history' },
  {
    name: 'incoming',
    snapshot: { ...IDLE, call: { ...CALL, phase: 'incoming', direction: 'inbound', talkSeconds: 0, isFree: true } },
  },
  {
    name: 'incoming-sound-blocked',
    snapshot: {
      ...IDLE,
      isSoundBlocked: true,
      call: {
        ...CALL,
        phase: 'incoming',
        direction: 'inbound',
        talkSeconds: 0,
        label: '',
        perMinuteMicros: cents(0.85),
      },
    },
  },
  {
    name: 'ended',
    snapshot: inCall({
      phase: 'ended',
      endReason: 'far_end_hung_up',
      isCostSettled: true,
      talkSeconds: 723,
      costMicros: cents(72),
    }),
  },
  {
    name: 'ended-busy',
    snapshot: inCall({ phase: 'ended', endReason: 'busy', talkSeconds: 0, costMicros: cents(0), isCostSettled: true }),
  },
  {
    name: 'ended-credit',
    snapshot: {
      ...EMPTY,
      call: {
        ...CALL,
        phase: 'ended',
        endReason: 'credit_exhausted',
        isCostSettled: true,
        talkSeconds: 723,
        costMicros: cents(72),
      },
    },
  },
  {
    name: 'refused-empty',
    snapshot: { ...EMPTY, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } },
  },
  {
    name: 'refused-empty-admin',
    snapshot: { ...EMPTY, me: ADMIN, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } },
  },
  {
    name: 'refused-paused',
    snapshot: {
      ...IDLE,
      call: {
        ...CALL,
        phase: 'refused',
        talkSeconds: 0,
        refusal: { code: 'calling_paused', whoCanFix: 'admin', sinceMs: NOW_MS },
      },
    },
  },
  {
    name: 'refused-microphone',
    snapshot: { ...IDLE, call: { ...CALL, phase: 'refused', talkSeconds: 0, microphoneFault: 'denied' } },
  },
  {
    name: 'closed',
    snapshot: { ...UNCONNECTED_SNAPSHOT, signInRefusal: { code: 'phone_disabled', whoCanFix: 'operator' } },
  },
  { name: 'ask-form', snapshot: EMPTY, view: 'ask' },
  { name: 'ask-sent', snapshot: { ...EMPTY, creditRequests: [REQUEST] }, view: 'ask' },
  {
    name: 'ask-declined',
    snapshot: {
      ...EMPTY,
      creditRequests: [{ ...REQUEST, state: 'declined', answeredByName: 'Dana', words: 'wait until Monday' }],
    },
    view: 'ask',
  },
  {
    name: 'ask-too-soon',
    snapshot: {
      ...EMPTY,
      creditRequests: [{ ...REQUEST, state: 'declined', answeredByName: 'Dana', words: null }],
      askRefusal: { code: 'already_asked', whoCanFix: 'admin', retryInSeconds: 42 },
    },
    view: 'ask',
  },
  { name: 'keys', snapshot: IDLE, view: 'keys' },
  { name: 'history', snapshot: { ...IDLE, missed: [{ number: '+442079460123', atMs: NOW_MS }] }, panel: 'history' },
  { name: 'history-empty', snapshot: { ...IDLE, history: [] }, panel: 'history' },
  { name: 'history-loading', snapshot: { ...IDLE, history: [], isHistoryLoaded: false }, panel: 'history' },
  { name: 'numbers', snapshot: { ...ADMIN_IDLE, shop: shop({}) }, panel: 'numbers' },
  {
    name: 'numbers-short',
    snapshot: {
      ...ADMIN_IDLE,
      balance: SHORT_BALANCE,
      creditLevel: 'critical',
      shop: shop({ numbers: SHORT_NUMBERS }),
    },
    panel: 'numbers',
  },
  { name: 'numbers-bought', snapshot: { ...ADMIN_IDLE, shop: shop({ bought: '+351210000123' }) }, panel: 'numbers' },
  {
    name: 'numbers-items',
    snapshot: { ...ADMIN_IDLE, shop: shop({ numbers: NUMBERS.slice(1) }) },
    panel: 'numbers',
    open: 'details.price',
  },
  { name: 'numbers-filters', snapshot: { ...ADMIN_IDLE, shop: shop({}) }, panel: 'numbers', open: 'details.filters' },
  {
    name: 'numbers-thin',
    snapshot: {
      ...ADMIN_IDLE,
      balance: { ...BALANCE, availableMicros: cents(120), balanceMicros: cents(120), level: 'low' },
      creditLevel: 'low',
      shop: shop({ numbers: THIN_NUMBERS }),
    },
    panel: 'numbers',
  },
  { name: 'numbers-ordering', snapshot: { ...ADMIN_IDLE, shop: shop({ numbers: ORDERED_NUMBERS }) }, panel: 'numbers' },
  {
    name: 'numbers-unreachable',
    snapshot: {
      ...ADMIN_IDLE,
      shop: { state: 'failed', refusal: { code: 'carrier_unavailable', whoCanFix: 'nobody' } },
    },
    panel: 'numbers',
  },
  { name: 'numbers-agent', snapshot: { ...IDLE, shop: shop({}) }, panel: 'numbers' },
  { name: 'numbers-loading', snapshot: { ...ADMIN_IDLE, shop: { state: 'loading' } }, panel: 'numbers' },
  { name: 'numbers-none', snapshot: { ...ADMIN_IDLE, shop: shop({ numbers: [] }) }, panel: 'numbers' },
  {
    name: 'numbers-failed',
    snapshot: { ...ADMIN_IDLE, shop: { state: 'failed', refusal: { code: 'unavailable', whoCanFix: 'operator' } } },
    panel: 'numbers',
  },
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
  ...BILLING_SCENES,
  ...ALERT_SCENES,
  ...USAGE_SCENES,
  ...RATE_SCENES,
  ...OWN_NUMBER_SCENES,
  { name: 'bar-idle', snapshot: TYPED, layout: 'bar' },
  { name: 'bar-call', snapshot: inCall({}), layout: 'bar' },
  {
    name: 'bar-incoming',
    snapshot: { ...IDLE, call: { ...CALL, phase: 'incoming', direction: 'inbound', talkSeconds: 0 } },
    layout: 'bar',
  },
  {
    name: 'bar-refused',
    snapshot: { ...EMPTY, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } },
    layout: 'bar',
  },
  { name: 'docked', snapshot: TYPED, layout: 'docked' },
  { name: 'menu', snapshot: IDLE, press: ['Menu'] },
  { name: 'menu-admin', snapshot: ADMIN_IDLE, press: ['Menu'] },
  { name: 'call-keys', snapshot: inCall({}), press: ['Keys'] },
  {
    name: 'call-credit-low',
    snapshot: inCall(
      { warning: 60, secondsLeft: 40 },
      { balance: { ...CRITICAL_BALANCE, heldMicros: cents(1030) }, creditLevel: 'critical' },
    ),
  },
  {
    name: 'call-credit-held',
    snapshot: inCall(
      { warning: 60, secondsLeft: 40 },
      {
        balance: {
          ...HELD_BALANCE,
          balanceMicros: cents(40),
          heldMicros: cents(40),
          availableMicros: cents(0),
          level: 'empty',
        },
        creditLevel: 'empty',
      },
    ),
  },
  { name: 'rtl-typed', snapshot: TYPED, isRightToLeft: true },
  { name: 'rtl-call', snapshot: inCall({ warning: 60, secondsLeft: 58 }), isRightToLeft: true },
  { name: 'rtl-credit', snapshot: { ...ADMIN_IDLE, balance: HELD_BALANCE }, panel: 'credit', isRightToLeft: true },
  { name: 'rtl-numbers', snapshot: { ...ADMIN_IDLE, shop: shop({}) }, panel: 'numbers', isRightToLeft: true },
  { name: 'rtl-history', snapshot: IDLE, panel: 'history', isRightToLeft: true },
];
