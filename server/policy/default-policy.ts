/** The policy of an account without a profile of its own, at a server whose operator decided nothing. */
import { micros } from '../../src/protocol/money.ts';
import type { Policy } from './policy.ts';
import { DEFAULT_SERVICES } from './service-policy.ts';

export const DEFAULT_POLICY: Policy = {
  showBalanceToAgents: 'money',
  credit: {
    lowMicros: micros(5_000_000),
    criticalMicros: micros(1_000_000),
    callFloorMicros: micros(0),
    numberFloorMicros: micros(0),
  },
  calls: {
    leaseSeconds: 60,
    renewBeforeSeconds: 20,
    reapAfterSeconds: 10,
    ringSeconds: 60,
    grantSeconds: 60,
    maxSeconds: 4 * 3600,
  },
  caps: {
    agentCallsAtOnce: 4,
    officeCallsAtOnce: null,
    perMinuteMicros: null,
    agentDayMicros: null,
    officeDayMicros: null,
  },
  blockedPrefixes: [],
  ungatedKinds: ['emergency', 'internal'],
  inboundAtZero: 'block',
  askForCredit: { coolDownSeconds: 300 },
  payments: {
    topUp: {
      presetsMicros: [micros(5_000_000), micros(10_000_000), micros(25_000_000)],
      isOtherAmountAllowed: true,
      isList: false,
      isChoiceNeeded: false,
      leastMicros: micros(5_000_000),
      mostMicros: micros(1_000_000_000),
    },
    cardCheckTries: 3,
    autoRecharge: {
      comparison: 'below',
      thresholdMicros: micros(5_000_000),
      thresholdLeastMicros: micros(1_000_000),
      thresholdMostMicros: micros(500_000_000),
      amountMicros: micros(25_000_000),
      amountLeastMicros: micros(10_000_000),
      amountMostMicros: micros(1_000_000_000),
      monthlyLimitMicros: micros(100_000_000),
      isCardAskedFor: true,
      secondsBetween: 60,
    },
  },
  alerts: {
    rechargesInHour: 4,
    spendTimesUsual: 5,
    spendLeastMicros: micros(20_000_000),
    onUnusualSpend: 'nothing',
  },
  invoices: { sellerLines: ['Phone credit'], tax: null },
  services: DEFAULT_SERVICES,
  numbers: { firstMonth: 'rest_of_month' },
  rent: { setAsideDays: 5, announceDays: 5, lateDays: 7, holdDays: 30, leavingDays: 5, noticeDays: 30 },
};
