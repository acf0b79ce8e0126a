import { expect, test } from 'vitest';
import { type RechargeFacts, type RechargeReason, whyNoRecharge } from '../../../server/payments/decide-recharge.ts';
import type { AutoRechargeRow } from '../../../server/storage/rows.ts';

const settings: AutoRechargeRow = {
  accountId: 'acme',
  walletId: 'berlin',
  officeId: 'berlin',
  isOn: true,
  thresholdMicros: 5_000_000,
  amountMicros: 25_000_000,
  monthlyLimitMicros: 100_000_000,
  consentPersonId: 'dana',
  consentByName: 'Dana',
  consentAtMs: 1,
  failures: 0,
  pause: null,
  notBeforeMs: 1_000,
  inFlightPaymentId: null,
  version: 1,
};
const facts: RechargeFacts = {
  settings,
  comparison: 'below',
  availableMicros: 4_999_999,
  hasCard: true,
  isTrial: false,
  isDisputed: false,
  isUsage: true,
  today: { count: 4 },
  month: { takenMicros: 75_000_000 },
  nowMs: 1_000,
};
const set = (change: Partial<AutoRechargeRow>) => ({ settings: { ...settings, ...change } });

test('charges when nothing speaks against it, at the edge of every rule', () => {
  expect(whyNoRecharge(facts)).toBeNull();
  expect(whyNoRecharge({ ...facts, comparison: 'at_or_below', availableMicros: 5_000_000 })).toBeNull();
});

test.each<[RechargeReason, Partial<RechargeFacts>]>([
  ['off', set({ isOn: false })],
  ['enough_credit', { availableMicros: 5_000_000 }],
  ['enough_credit', { availableMicros: 5_000_001, comparison: 'at_or_below' }],
  ['in_flight', set({ inFlightPaymentId: 'payment-1' })],
  ['paused', set({ pause: 'failed_often' })],
  ['not_yet', { nowMs: 999 }],
  ['no_card', { hasCard: false }],
  ['trial', { isTrial: true }],
  ['disputed', { isDisputed: true }],
  ['not_usage', { isUsage: false }],
  ['daily_cap', { today: { count: 5 } }],
  ['monthly_limit', { month: { takenMicros: 75_000_001 } }],
])('%s: does not charge', (reason, change) => {
  expect(whyNoRecharge({ ...facts, ...change })).toBe(reason);
});
