import { expect, test } from 'vitest';
import { afterCardProved, afterRechargeFailed, afterRechargeSucceeded } from '../../../server/payments/recharge-row.ts';
import type { AutoRechargeRow } from '../../../server/storage/rows.ts';
import type { PaymentFailure } from '../../../src/protocol/payment.ts';

const HOUR_MS = 3_600_000;
const row: AutoRechargeRow = {
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
  notBeforeMs: 0,
  inFlightPaymentId: 'payment-1',
  version: 7,
};
const failed = (failure: PaymentFailure, before: Partial<AutoRechargeRow> = {}) =>
  afterRechargeFailed({ ...row, ...before }, { paymentId: 'payment-1', failure, atMs: 1_000 });
const LATER: PaymentFailure = { kind: 'insufficient_funds', retry: 'later' };

test.each([
  [0, { failures: 1, pause: null, notBeforeMs: 1_000 + HOUR_MS }],
  [1, { failures: 2, pause: null, notBeforeMs: 1_000 + 6 * HOUR_MS }],
  [2, { failures: 3, pause: 'failed_often' }],
])('scenario 14: after %i failures another one', (failures, expected) => {
  expect(failed(LATER, { failures })).toMatchObject({ ...expected, inFlightPaymentId: null, version: 8 });
});

test.each([
  ['scenario 46: expired', { kind: 'expired', retry: 'new_card' }, 'card_expired'],
  ['stolen, or "do not try again"', { kind: 'declined', retry: 'never' }, 'card_refused'],
  ['authentication required', { kind: 'authentication_required', retry: 'authenticate' }, 'authentication_required'],
] as const)('%s pauses at once', (_what, failure, pause) => {
  expect(failed(failure)).toMatchObject({ pause, failures: 1 });
});

test('the end of another payment than the one in flight counts for nothing', () => {
  expect(failed(LATER, { inFlightPaymentId: 'payment-2' })).toMatchObject({ failures: 0, version: 7 });
  expect(failed(LATER, { inFlightPaymentId: null })).toMatchObject({ failures: 0, version: 7 });
});

test('a success mends everything but a dispute', () => {
  const done = { paymentId: 'payment-1', notBeforeMs: 60_000 };
  const mended = { failures: 0, pause: null, inFlightPaymentId: null, notBeforeMs: 60_000 };
  expect(afterRechargeSucceeded({ ...row, failures: 2, pause: 'failed_often' }, done)).toMatchObject(mended);
  expect(afterRechargeSucceeded({ ...row, pause: 'disputed' }, done)).toMatchObject({ pause: 'disputed' });
  expect(afterCardProved({ ...row, failures: 1, pause: 'card_missing' })).toMatchObject({ failures: 0, pause: null });
  expect(afterCardProved(row)).toBe(row);
});
