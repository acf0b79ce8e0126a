/**
 * Scenario 61: two servers whose clocks are minutes apart. Whatever they disagree about, nothing is charged twice and no limit is passed.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PaymentService } from '../../../server/payments/payment-service.ts';
import { agreed, codeOf, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

const MINUTE_MS = 60_000;
/** The office is in Berlin, an hour before UTC in winter. */
const END_OF_JANUARY_MS = Date.UTC(2026, 0, 31, 23);

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

function serverAhead(minutes: number): PaymentService {
  const { clock } = rig.office;
  return rig.office.newServices({ clock: { nowMs: () => clock.nowMs() + minutes * MINUTE_MS } }).payments;
}

async function officeWith(credit: number): Promise<void> {
  await rig.saveCard();
  await rig.office.addCredit(credit * USD);
  await rig.turnOnRecharge();
}

describe.each([10, 3, -3, -10])('a server whose clock is %i minutes ahead', (minutes) => {
  test('and one whose clock is right charge one crossing once, whoever comes first', async () => {
    await officeWith(20);
    const other = serverAhead(minutes);
    await rig.use(19 * USD);
    rig.office.clock.advance(1_000);
    for (const first of [
      [other, rig.service],
      [rig.service, other],
    ]) {
      await Promise.all(first.map((service) => rig.lookAtRecharges(service)));
      for (const service of first) await rig.lookAtRecharges(service);
    }
    expect([await rig.charges(), await rig.balance()]).toEqual([1, 26 * USD]);
  });

  test.each([
    'lost_before',
    'lost_after',
  ] as const)('finds out what became of an auto-recharge (%s), once', async (fault) => {
    await officeWith(20);
    const other = serverAhead(minutes);
    rig.faults.push(fault);
    await rig.use(19 * USD);
    await rig.lookAtRecharges();
    rig.reports.length = 0;
    for (let second = 0; second < 20 * 60; second += 60) {
      await rig.later(60, other);
      await rig.later(0);
      await rig.lookAtRecharges(other);
    }
    expect([await rig.charges(), await rig.balance()]).toEqual([1, 26 * USD]);
    expect(await rig.recharges()).toHaveLength(1);
  });

  test('and a top-up whose answer was lost: the same id at either is one payment', async () => {
    await rig.saveCard();
    const other = serverAhead(minutes);
    rig.faults.push('lost_after');
    const wish = { paymentId: 'payment-of-two-clocks' };
    const { payment } = agreed(await rig.pay(wish));
    expect(payment.status).toBe('pending');
    const again = {
      ...wish,
      amountMicros: payment.amountMicros,
      currency: 'USD',
      payWith: 'saved_card',
      keepsCard: false,
    };
    agreed(await rig.ask('startPayment', again as never, { service: other }));
    for (let look = 0; look < 15; look += 1) await rig.later(60, look % 2 ? other : rig.service);
    expect([await rig.charges(), await rig.balance()]).toEqual([1, 25 * USD]);
  });
});

test('a report that is refused because of the clock (more than five minutes) is made good by the sweep, once', async () => {
  const other = serverAhead(10);
  await rig.payWithNewCard(GOOD_CARD);
  const [report] = rig.reports.filter(({ body }) => body.includes('succeeded'));
  expect(codeOf(await rig.deliver(report ?? { body: '', signature: '' }, other))).toBe('webhook_invalid');
  rig.reports.length = 0;
  await rig.later(61, other);
  await rig.later(61);
  expect([await rig.charges(), await rig.balance()]).toEqual([1, 25 * USD]);
});

test('on the last evening of a month, each month keeps its own limit, whichever server takes', async () => {
  rig.office.policy = { ...rig.office.policy, alerts: { ...rig.office.policy.alerts, rechargesInHour: null } };
  await officeWith(20);
  rig.office.clock.advance(END_OF_JANUARY_MS - 8 * MINUTE_MS - rig.office.clock.nowMs());
  const other = serverAhead(10);
  // For one of them it is still January, for the other one February already.
  for (let round = 0; round < 14; round += 1) {
    const balance = await rig.balance();
    if (balance > 0) await rig.use(balance);
    rig.office.clock.advance(90_000);
    for (const service of [rig.service, other]) await rig.lookAtRecharges(service);
  }
  const takenByMonth = new Map<string, number>();
  for (const { createdAtMs, amountMicros } of await rig.recharges()) {
    const month = new Date(createdAtMs + 60 * MINUTE_MS).toISOString().slice(0, 7);
    takenByMonth.set(month, (takenByMonth.get(month) ?? 0) + amountMicros);
  }
  expect(Object.fromEntries(takenByMonth)).toEqual({ '2026-01': 100 * USD, '2026-02': 100 * USD });
  expect(await rig.charges()).toBe(8);
});
