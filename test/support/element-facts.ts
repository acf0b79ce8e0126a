/** Plausible facts that the scenes of the gallery are put together from. */
import type { CallSnapshot, PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { HistoryEntry } from '../../src/phone/ports.ts';
import type { Balance, CreditRequest, Me } from '../../src/protocol/account.ts';
import type { Quote } from '../../src/protocol/call.ts';
import { micros } from '../../src/protocol/money.ts';
import type { ShopNumber } from '../../src/protocol/number.ts';
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import type { Refusal } from '../../src/protocol/problem.ts';

/** Cents of a dollar as micros. */
export function cents(value: number): ReturnType<typeof micros> {
  return micros(Math.round(value * 10_000));
}

/** Monday, 2 March 2026, 14:05 UTC. */
export const NOW_MS = Date.UTC(2026, 2, 2, 14, 5);

export const AGENT: Me = {
  personId: 'sam',
  name: 'Sam Okafor',
  role: 'agent',
  extension: '201',
  account: { accountId: 'harbour', name: 'Harbour Ltd' },
  office: { officeId: 'lisbon', name: 'Lisbon office', country: 'US', timeZone: 'Europe/Lisbon' },
  currency: 'USD',
  showBalance: 'money',
  supportEmail: 'support@harbour.example',
  creditAdmins: ['Dana', 'Luis'],
  isDemo: true,
  callerNumbers: ['+14155550142'],
};

export const ADMIN: Me = { ...AGENT, personId: 'dana', name: 'Dana Whitfield', role: 'billing', extension: '200' };

export const BALANCE: Balance = {
  officeId: 'lisbon',
  walletId: 'wallet-lisbon',
  currency: 'USD',
  balanceMicros: cents(1840),
  heldMicros: cents(0),
  availableMicros: cents(1840),
  level: 'ok',
  talkSeconds: 3 * 3600 + 240,
  heldBy: [],
  works: { callingOut: true, receiving: true, buyingNumbers: true },
  pause: null,
  version: 1,
};

export const EMPTY_BALANCE: Balance = {
  ...BALANCE,
  balanceMicros: cents(0),
  availableMicros: cents(0),
  level: 'empty',
  talkSeconds: 0,
  works: { callingOut: false, receiving: false, buyingNumbers: false },
  version: 2,
};

export const HELD_BALANCE: Balance = {
  ...BALANCE,
  heldMicros: cents(60),
  availableMicros: cents(1780),
  heldBy: [
    { callId: 'call-0001', agentName: 'Sam Okafor', destination: 'Germany, mobile', heldMicros: cents(36) },
    { callId: 'call-0002', agentName: 'Mia Lindqvist', destination: 'Sweden', heldMicros: cents(24) },
  ],
  version: 3,
};

export const QUOTE: Quote = {
  // A literal that is E.164; the brand is what a parser would give it.
  number: '+4915123456789' as DialableNumber,
  destination: 'Germany, mobile',
  kind: 'mobile',
  country: 'DE',
  currency: 'USD',
  isFree: false,
  perMinuteMicros: cents(6),
  connectionFeeMicros: cents(0),
  neededMicros: cents(6),
  availableMicros: cents(1840),
  talkSeconds: 68 * 60,
  tariff: {
    connectionFeeMicros: cents(0),
    steps: [{ fromSecond: 0, priceMicros: cents(6), intervalSeconds: 60, incrementSeconds: 60 }],
    windows: [],
    timeZone: 'UTC',
    rounding: { mode: 'up', decimals: 4 },
  },
  refusal: null,
};

export const NO_CREDIT: Refusal = {
  code: 'no_credit',
  whoCanFix: 'admin',
  neededMicros: cents(6),
  availableMicros: cents(0),
  currency: 'USD',
};

export const CALL: CallSnapshot = {
  callId: 'call-0001',
  phase: 'talking',
  direction: 'outbound',
  number: '+4915123456789',
  label: 'Ada Meyer',
  isFree: false,
  perMinuteMicros: cents(6),
  currency: 'USD',
  talkSeconds: 134,
  costMicros: cents(18),
  isCostSettled: false,
  secondsLeft: 41 * 60 + 12,
  warning: null,
  wasExtended: false,
  isMuted: false,
  isHeld: false,
  isLinkLost: false,
  quality: 'good',
  levels: Array.from({ length: 24 }, (_, index) => Math.abs(Math.sin(index * 1.7) * Math.cos(index * 0.31))),
  endReason: null,
  refusal: null,
  microphoneFault: null,
};

export const HISTORY: readonly HistoryEntry[] = [
  entry({
    callId: 'h1',
    number: '+4915123456789',
    destination: 'Germany, mobile',
    minutesAgo: 12,
    durationSeconds: 723,
    costMicros: cents(72),
    billedSeconds: 780,
    perMinuteMicros: cents(5.5),
    incrementSeconds: 60,
    isRoundedUp: true,
  }),
  entry({
    callId: 'h2',
    number: '600',
    destination: 'Echo test',
    minutesAgo: 40,
    durationSeconds: 35,
    costMicros: cents(0),
  }),
  entry({
    callId: 'h3',
    number: '+442079460123',
    destination: 'United Kingdom',
    minutesAgo: 65,
    durationSeconds: 0,
    endReason: 'busy',
    costMicros: cents(0),
  }),
  entry({
    callId: 'h4',
    number: '+14155550142',
    destination: 'United States',
    minutesAgo: 190,
    durationSeconds: 95,
    direction: 'inbound',
    isSettled: false,
  }),
  entry({
    callId: 'h5',
    number: '+6756812345678',
    destination: 'Papua New Guinea, mobile (Digicel)',
    minutesAgo: 60 * 26,
    durationSeconds: 3_725,
    costMicros: cents(11_677.94),
    billedSeconds: 3_726,
    perMinuteMicros: cents(187.97),
    incrementSeconds: 6,
    isRoundedUp: true,
    connectionFeeMicros: cents(5),
  }),
];

function entry(
  facts: Partial<HistoryEntry> & Pick<HistoryEntry, 'callId' | 'number' | 'destination'> & { minutesAgo: number },
): HistoryEntry {
  const { minutesAgo, ...rest } = facts;
  return {
    personId: AGENT.personId,
    direction: 'outbound',
    startedAtMs: NOW_MS - minutesAgo * 60_000,
    durationSeconds: 0,
    costMicros: null,
    currency: 'USD',
    endReason: 'hung_up',
    isSettled: true,
    ...rest,
  };
}

export const SHOP_NUMBER: ShopNumber = {
  number: '+14155550142',
  country: 'US',
  type: 'local',
  region: 'San Francisco, CA',
  features: ['voice', 'sms'],
  currency: 'USD',
  setupMicros: cents(20),
  monthlyMicros: cents(100),
  dueTodayMicros: cents(120),
  due: {
    setupMicros: cents(20),
    firstMonthMicros: cents(100),
    days: 30,
    daysInMonth: 30,
    nextRentDay: '2026-12-01',
  },
  inboundPerMinuteMicros: cents(0.85),
  status: 'available',
  refusal: null,
  thin: null,
  offer: null,
};

export const SHORT_FOR_NUMBER: Refusal = {
  code: 'insufficient_credit',
  whoCanFix: 'admin',
  neededMicros: cents(120),
  availableMicros: cents(50),
  currency: 'USD',
};

export const REQUEST: CreditRequest = {
  requestId: 'request-0001',
  officeId: 'lisbon',
  agentId: AGENT.personId,
  agentName: 'Sam',
  reason: 'customer on the line',
  askedAtMs: NOW_MS - 180_000,
  state: 'asked',
  answeredByName: null,
  words: null,
  addedMicros: null,
};

/** Signed in, registered, $18.40, nothing dialled. */
export const IDLE: PhoneSnapshot = {
  me: AGENT,
  signInRefusal: null,
  gateLink: 'live',
  lineStatus: 'registered',
  lineFault: null,
  isSoundBlocked: false,
  balance: BALANCE,
  creditLevel: 'ok',
  creditArrivedMicros: null,
  dialled: '',
  quote: { state: 'none' },
  call: null,
  waiting: null,
  history: HISTORY,
  isHistoryLoaded: true,
  missed: [],
  alerts: { open: [], mails: null, hasFailed: false },
  shop: { state: 'unopened' },
  ownNumbers: { state: 'unopened' },
  callerNumber: null,
  creditRequests: [],
  askRefusal: null,
  billing: { state: 'unopened' },
  offices: { choices: [], other: null },
  statement: { forecast: null, usage: { state: 'unopened' } },
  isAddingCredit: false,
  addCreditRefusal: null,
};
