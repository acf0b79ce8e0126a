/** One valid answer for each address, so that routes can be tested without the services behind them. */

import type { EdgeService, EndpointHandlers, Identity } from '../../server/services.ts';
import type { Balance, CreditRequest } from '../../src/protocol/account.ts';
import type { CallRecord, Quote } from '../../src/protocol/call.ts';
import { micros } from '../../src/protocol/money.ts';
import type { ShopNumber } from '../../src/protocol/number.ts';
import { type DialableNumber, dialableNumber } from '../../src/protocol/phone-number.ts';
import { granted } from '../../src/protocol/problem.ts';

const CENT = micros(10_000);
const tariff = {
  connectionFeeMicros: micros(0),
  steps: [{ fromSecond: 0, priceMicros: CENT, intervalSeconds: 60, incrementSeconds: 60 }],
  windows: [],
  timeZone: 'UTC',
  rounding: { mode: 'up' as const, decimals: 4 },
};

export function dialable(text: string): DialableNumber {
  const number = dialableNumber(text);
  if (number === null) throw new Error(`${text} is no number`);
  return number;
}

export const sampleQuote: Quote = {
  number: dialable('+4915123456789'),
  destination: 'Germany, mobile',
  kind: 'mobile',
  country: 'DE',
  currency: 'USD',
  isFree: false,
  perMinuteMicros: CENT,
  connectionFeeMicros: micros(0),
  neededMicros: CENT,
  availableMicros: micros(5_000_000),
  talkSeconds: 30_000,
  tariff,
  refusal: null,
};
const lease = { leaseSeconds: 60, renewalIndex: 0, isFinal: false, heldMicros: CENT };

export function sampleBalance(officeId: string, version = 1): Balance {
  return {
    officeId,
    walletId: `${officeId}-wallet`,
    currency: 'USD',
    balanceMicros: micros(5_000_000),
    heldMicros: micros(0),
    availableMicros: micros(5_000_000),
    level: 'ok',
    talkSeconds: 30_000,
    heldBy: [],
    works: { callingOut: true, receiving: true, buyingNumbers: true },
    pause: null,
    version,
  };
}

export function sampleCall(callId: string, identity: Identity): CallRecord {
  return {
    callId,
    officeId: identity.officeId,
    agentId: identity.personId,
    agentName: identity.name,
    direction: 'outbound',
    number: '+4915123456789',
    destination: 'Germany, mobile',
    kind: 'mobile',
    status: 'answered',
    startedAtMs: 1,
    answeredAtMs: 2,
    elapsedMs: 3,
    endedAtMs: null,
    endReason: null,
    durationSeconds: 0,
    billedSeconds: 0,
    costMicros: micros(0),
    currency: 'USD',
    perMinuteMicros: CENT,
    connectionFeeMicros: micros(0),
    lease,
    tariff,
    refusal: null,
  };
}

const sampleNumber: ShopNumber = {
  number: '+14155550100',
  country: 'US',
  type: 'local',
  region: 'San Francisco, CA',
  features: ['voice'],
  currency: 'USD',
  setupMicros: CENT,
  monthlyMicros: CENT,
  dueTodayMicros: micros(20_000),
  due: { setupMicros: CENT, firstMonthMicros: CENT, days: 30, daysInMonth: 30, nextRentDay: '2026-12-01' },
  inboundPerMinuteMicros: micros(0),
  status: 'available',
  refusal: null,
  thin: null,
  offer: null,
};

function sampleRequest(requestId: string, identity: Identity): CreditRequest {
  return {
    requestId,
    officeId: identity.officeId,
    agentId: identity.personId,
    agentName: identity.name,
    reason: 'calls to make',
    askedAtMs: 1,
    state: 'asked',
    answeredByName: null,
    words: null,
    addedMicros: null,
  };
}

export function sampleHandlers(): EndpointHandlers {
  return {
    me: async (identity) =>
      granted({
        personId: identity.personId,
        name: identity.name,
        role: identity.role,
        extension: '101',
        account: { accountId: identity.accountId, name: 'Acme' },
        office: { officeId: identity.officeId, name: identity.officeId, country: 'US', timeZone: 'UTC' },
        currency: 'USD',
        showBalance: 'money' as const,
        supportEmail: 'help@example.com',
        creditAdmins: [],
        isDemo: true,
        callerNumbers: [],
      }),
    mintLineCredentials: async () =>
      granted({
        sipUri: 'sip:sam@phone.invalid',
        webSocketUrl: 'ws://127.0.0.1/sip',
        username: '1:sam',
        password: 'short-lived',
        expiresInSeconds: 300,
        iceServers: [],
      }),
    balance: async (identity) => granted(sampleBalance(identity.officeId)),
    quote: async () => granted(sampleQuote),
    authorizeCall: async (_identity, { callId }) =>
      granted({ callId, quote: sampleQuote, lease, grant: 'a.b.c', grantExpiresInSeconds: 30 }),
    renewCall: async (_identity, { renewalIndex }) => granted({ ...lease, renewalIndex }),
    releaseCall: async (identity, { callId }) => granted(sampleCall(callId, identity)),
    call: async (identity, { callId }) => granted(sampleCall(callId, identity)),
    calls: async (identity) => granted({ calls: [sampleCall('call-of-sample', identity)], nextCursor: null }),
    searchNumbers: async () => granted({ numbers: [sampleNumber], nextCursor: null }),
    buyNumber: async (_identity, { purchaseId }) =>
      granted({ purchaseId, state: 'bought', number: sampleNumber, chargedMicros: CENT, purchasedAtMs: 1 }),
    askForCredit: async (identity, { requestId }) => granted(sampleRequest(requestId, identity)),
    creditRequests: async () => granted({ requests: [] }),
    answerCreditRequest: async (identity, { requestId }) => granted(sampleRequest(requestId, identity)),
    addPlayCredit: async (identity) => granted(sampleBalance(identity.officeId)),
    offices: async () => granted({ offices: [{ officeId: 'office-1', name: 'Berlin' }] }),
    setPause: async (identity) => granted(sampleBalance(identity.officeId)),
    rates: async () => granted({ rates: [], nextCursor: null }),
  };
}

export function sampleEdge(): EdgeService {
  const report = async () => ({ leaseSeconds: 60, isOver: false });
  return {
    admit: async () => ({
      decision: 'allow',
      accountId: 'acme',
      callId: 'call-of-sample',
      leaseSeconds: 60,
      ringSeconds: 60,
      callerNumber: null,
      callerName: null,
      routeToUser: null,
    }),
    ringing: report,
    answered: report,
    extra: async () => ({ decision: 'allow', units: 1, unit: 'minute' }),
    ended: report,
  };
}
