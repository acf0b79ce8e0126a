/** Things a server says to a phone, for tests. */
import type { Balance, CreditRequest, Me } from '../../src/protocol/account.ts';
import type { CallAuthorization, CallRecord, Lease, Quote } from '../../src/protocol/call.ts';
import { micros } from '../../src/protocol/money.ts';
import type { ShopNumber } from '../../src/protocol/number.ts';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import type { Tariff } from '../../src/protocol/rate.ts';

export const CENT = 10_000;

/** `centsPerMinute` by the second. */
export function sampleTariff(centsPerMinute: number): Tariff {
  return {
    connectionFeeMicros: micros(0),
    steps: [{ fromSecond: 0, priceMicros: micros(centsPerMinute * CENT), intervalSeconds: 60, incrementSeconds: 1 }],
    windows: [],
    timeZone: 'UTC',
    rounding: { mode: 'up', decimals: 6 },
  };
}

export function sampleMe(change: Partial<Me> = {}): Me {
  return {
    personId: 'person-sam',
    name: 'Sam',
    role: 'agent',
    extension: '201',
    account: { accountId: 'account-1', name: 'Acme' },
    office: { officeId: 'office-1', name: 'Vienna', country: 'AT', timeZone: 'Europe/Vienna' },
    currency: 'USD',
    showBalance: 'money',
    supportEmail: 'help@example.org',
    creditAdmins: ['Dana'],
    isDemo: true,
    callerNumbers: [],
    ...change,
  };
}

export function sampleBalance(change: Partial<Balance> = {}): Balance {
  return {
    officeId: 'office-1',
    walletId: 'wallet-1',
    currency: 'USD',
    balanceMicros: micros(10 * 100 * CENT),
    heldMicros: micros(0),
    availableMicros: micros(10 * 100 * CENT),
    level: 'ok',
    talkSeconds: 600,
    heldBy: [],
    works: { callingOut: true, receiving: true, buyingNumbers: true },
    pause: null,
    version: 1,
    ...change,
  };
}

export function sampleQuote(change: Partial<Quote> = {}): Quote {
  const number = dialableNumber('+4915112345678');
  if (number === null) throw new Error('The sample number is no number.');
  return {
    number,
    destination: 'Germany, mobile',
    kind: 'mobile',
    country: 'DE',
    currency: 'USD',
    isFree: false,
    perMinuteMicros: micros(6 * CENT),
    connectionFeeMicros: micros(0),
    neededMicros: micros(1_000),
    availableMicros: micros(10 * 100 * CENT),
    talkSeconds: 600,
    tariff: sampleTariff(6),
    refusal: null,
    ...change,
  };
}

export function sampleLease(change: Partial<Lease> = {}): Lease {
  return { leaseSeconds: 60, renewalIndex: 0, isFinal: false, heldMicros: micros(6 * CENT), ...change };
}

export function sampleAuthorization(callId: string, change: Partial<CallAuthorization> = {}): CallAuthorization {
  return {
    callId,
    quote: sampleQuote(),
    lease: sampleLease(),
    grant: `grant-of-${callId}`,
    grantExpiresInSeconds: 30,
    ...change,
  };
}

export function sampleRecord(callId: string, change: Partial<CallRecord> = {}): CallRecord {
  return {
    callId,
    officeId: 'office-1',
    agentId: 'person-sam',
    agentName: 'Sam',
    direction: 'outbound',
    number: '+4915112345678',
    destination: 'Germany, mobile',
    kind: 'mobile',
    status: 'authorized',
    startedAtMs: Date.UTC(2026, 0, 15, 12),
    answeredAtMs: null,
    elapsedMs: null,
    endedAtMs: null,
    endReason: null,
    durationSeconds: 0,
    billedSeconds: 0,
    costMicros: micros(0),
    currency: 'USD',
    perMinuteMicros: micros(6 * CENT),
    connectionFeeMicros: micros(0),
    lease: sampleLease(),
    tariff: sampleTariff(6),
    refusal: null,
    ...change,
  };
}

export function sampleShopNumber(number: string, change: Partial<ShopNumber> = {}): ShopNumber {
  return {
    number,
    country: 'US',
    type: 'local',
    region: 'San Francisco, CA',
    features: ['voice'],
    currency: 'USD',
    setupMicros: micros(0),
    monthlyMicros: micros(100 * CENT),
    dueTodayMicros: micros(100 * CENT),
    due: {
      setupMicros: micros(0),
      firstMonthMicros: micros(100 * CENT),
      days: 30,
      daysInMonth: 30,
      nextRentDay: '2026-12-01',
    },
    inboundPerMinuteMicros: micros(CENT),
    status: 'available',
    refusal: null,
    thin: null,
    offer: null,
    ...change,
  };
}

export function sampleCreditRequest(requestId: string, change: Partial<CreditRequest> = {}): CreditRequest {
  return {
    requestId,
    officeId: 'office-1',
    agentId: 'person-sam',
    agentName: 'Sam',
    reason: 'customer on the line',
    askedAtMs: Date.UTC(2026, 0, 15, 12),
    state: 'asked',
    answeredByName: null,
    words: null,
    addedMicros: null,
    ...change,
  };
}
