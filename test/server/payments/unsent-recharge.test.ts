/** An auto-recharge that was reserved and never sent: what the admins changed meanwhile counts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { agreed, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;
const wish = {
  isOn: true,
  thresholdMicros: micros(5 * USD),
  amountMicros: micros(25 * USD),
  monthlyLimitMicros: micros(100 * USD),
  hasConsented: true,
};
beforeEach(async () => {
  rig = await PaymentRig.open();
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge();
  rig.faults.push('lost_before');
  await rig.use(19 * USD);
  await rig.later(1);
  expect([await statuses(), rig.createCount]).toEqual([['pending'], 0]);
});
afterEach(() => rig.close());

test('it is turned off: the card is not charged after that', async () => {
  agreed(await rig.ask('saveAutoRecharge', { ...wish, isOn: false }));
  await rig.later(61);
  expect([await statuses(), rig.createCount, await rig.balance()]).toEqual([['canceled'], 0, 1 * USD]);
  expect(await rig.recharge()).toMatchObject({ inFlightPaymentId: null, failures: 0, pause: null });
  // Turned on again, it charges at once.
  agreed(await rig.ask('saveAutoRecharge', wish));
  await expect.poll(() => rig.balance()).toBe(26 * USD);
});

test('another amount is saved: that one is charged, and not the old one', async () => {
  agreed(await rig.ask('saveAutoRecharge', { ...wish, amountMicros: micros(10 * USD) }));
  await rig.later(61);
  expect([(await statuses()).toSorted(), await rig.charges(), await rig.balance()]).toEqual([
    ['canceled', 'succeeded'],
    1,
    11 * USD,
  ]);
});

test('another card is saved: that one pays, and the old one does not', async () => {
  await rig.saveCard('5555555555554444');
  await rig.later(61);
  const paid = (await rig.recharges()).find(({ status }) => status === 'succeeded');
  expect(paid?.card).toContain('4444');
  expect([await rig.charges(), await rig.balance()]).toEqual([1, 26 * USD]);
});

test('nothing is changed: it is sent by the sweep', async () => {
  await rig.later(61);
  expect([await statuses(), await rig.charges()]).toEqual([['succeeded'], 1]);
});

async function statuses(): Promise<readonly string[]> {
  return (await rig.recharges()).map(({ status }) => status);
}
