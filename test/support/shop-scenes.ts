/** The number shop in every state. */
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { ShopNumber } from '../../src/protocol/number.ts';
import { BALANCE, cents, IDLE, SHOP_NUMBER, SHORT_FOR_NUMBER } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { ADMIN_IDLE } from './scene-facts.ts';

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

export function shop(facts: Partial<Extract<PhoneSnapshot['shop'], { state: 'full' }>>): PhoneSnapshot['shop'] {
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

export const SHOP_SCENES: readonly Scene[] = [
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
];
