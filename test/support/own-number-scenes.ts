/** Own numbers in every state, for the gallery. */
import type { OwnNumbersSnapshot } from '../../src/phone/own-numbers-snapshot.ts';
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import { ZERO_MICROS } from '../../src/protocol/money.ts';
import type { OwnNumber } from '../../src/protocol/owned-number.ts';
import { refusal } from '../../src/protocol/problem.ts';
import { ADMIN, AGENT, cents, IDLE, SHOP_NUMBER } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { TYPED } from './scene-facts.ts';

export type FullOwnNumbers = Extract<OwnNumbersSnapshot, { state: 'full' }>;

export const OWN_NUMBER: OwnNumber = {
  number: '+14155550142',
  country: 'US',
  type: 'local',
  region: 'San Francisco, CA',
  office: { officeId: 'lisbon', name: 'Lisbon office' },
  person: null,
  state: 'active',
  currency: 'USD',
  monthlyMicros: cents(100),
  newPrice: null,
  nextRentDay: '2026-03-28',
  rentInDays: 26,
  setAsideMicros: ZERO_MICROS,
  isCovered: true,
  worksUntil: '2026-04-04',
  keptUntil: '2026-05-04',
  dueMicros: ZERO_MICROS,
  givenBackOn: null,
};

export const LATE_NUMBER: OwnNumber = {
  ...OWN_NUMBER,
  number: '+442079460123',
  country: 'GB',
  region: 'London',
  person: { personId: 'mia', name: 'Mia Lindqvist' },
  state: 'late',
  nextRentDay: '2026-02-28',
  rentInDays: -2,
  isCovered: false,
  worksUntil: '2026-03-10',
  keptUntil: '2026-04-09',
  dueMicros: cents(100),
};

export const HELD_NUMBER: OwnNumber = {
  ...OWN_NUMBER,
  number: '+18005550199',
  type: 'toll_free',
  region: 'United States',
  state: 'held',
  nextRentDay: null,
  rentInDays: null,
  isCovered: false,
  worksUntil: null,
  keptUntil: '2026-04-03',
  dueMicros: cents(100),
};

export const FULL_OWN_NUMBERS: FullOwnNumbers = {
  state: 'full',
  numbers: [
    OWN_NUMBER,
    { ...OWN_NUMBER, number: '+14155550143', setAsideMicros: cents(100), nextRentDay: '2026-03-03', rentInDays: 1 },
    {
      ...OWN_NUMBER,
      number: '+14155550144',
      isCovered: false,
      nextRentDay: '2026-03-07',
      rentInDays: 5,
      worksUntil: '2026-03-14',
    },
    LATE_NUMBER,
    HELD_NUMBER,
    { ...OWN_NUMBER, number: '+14155550145', state: 'returned', givenBackOn: '2026-02-20', nextRentDay: null },
  ],
  isMoreThere: false,
  rent: {
    currency: 'USD',
    overdueMicros: cents(100),
    setAsideMicros: cents(100),
    next: { day: '2026-03-03', amountMicros: cents(100), number: '+14155550143', numberCount: 1 },
  },
  offices: [{ officeId: 'lisbon', name: 'Lisbon office' }],
  people: [
    { personId: 'dana', name: 'Dana Whitfield', officeId: 'lisbon' },
    { personId: 'mia', name: 'Mia Lindqvist', officeId: 'lisbon' },
    { personId: 'sam', name: 'Sam Okafor', officeId: 'lisbon' },
  ],
  changing: null,
  refused: null,
};

const THREE = { callerNumbers: ['+14155550142', '+14155550143', '+442079460123'] };
const ME = { ...ADMIN, ...THREE };
const AGENT_OF_THREE = { ...AGENT, ...THREE };

function scene(name: string, ownNumbers: OwnNumbersSnapshot, more: Partial<Scene> = {}): Scene {
  const snapshot: PhoneSnapshot = {
    ...IDLE,
    me: ME,
    shop: { state: 'full', numbers: [SHOP_NUMBER], isMoreThere: false, buying: null, bought: null, refusal: null },
    ownNumbers,
    ...more.snapshot,
  };
  return { panel: 'numbers', ...more, name, snapshot };
}

const DEARER: FullOwnNumbers = {
  ...FULL_OWN_NUMBERS,
  numbers: [
    { ...OWN_NUMBER, newPrice: { monthlyMicros: cents(125), fromDay: '2026-04-01' } },
    {
      ...OWN_NUMBER,
      number: '+14155550144',
      isCovered: false,
      nextRentDay: '2026-03-07',
      rentInDays: 5,
      worksUntil: '2026-03-14',
    },
  ],
};
const WELL = { ...FULL_OWN_NUMBERS, numbers: [OWN_NUMBER] };
const HELD = { ...FULL_OWN_NUMBERS, numbers: [HELD_NUMBER] };

export const OWN_NUMBER_SCENES: readonly Scene[] = [
  scene('own-numbers-loading', { state: 'loading' }),
  scene('own-numbers-failed', { state: 'failed', refusal: refusal('unavailable') }),
  scene('own-numbers-none', { ...FULL_OWN_NUMBERS, numbers: [] }),
  scene('own-numbers-folded', WELL),
  scene('own-numbers-at-risk', FULL_OWN_NUMBERS),
  scene('own-numbers-dearer', DEARER),
  scene('caller-idle', WELL, { panel: 'phone' }),
  scene('caller-typed', WELL, {
    panel: 'phone',
    snapshot: { ...TYPED, me: AGENT_OF_THREE, callerNumber: '+442079460123' },
  }),
  scene('own-numbers-held', { ...FULL_OWN_NUMBERS, numbers: [LATE_NUMBER, HELD_NUMBER] }),
  scene('own-numbers-release', HELD, { press: ['Give back…'] }),
  scene('own-numbers-refused', {
    ...HELD,
    refused: {
      number: HELD_NUMBER.number,
      refusal: refusal('insufficient_credit', {
        neededMicros: cents(100),
        availableMicros: cents(50),
        currency: 'USD',
      }),
    },
  }),
];
