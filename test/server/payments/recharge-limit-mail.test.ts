import { afterEach, beforeEach, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

async function limitMails() {
  const mails = await rig.office.store.db
    .selectFrom('mail')
    .selectAll()
    .where('kind', '=', 'recharge_limit')
    .orderBy('createdAtMs')
    .execute();
  return mails.map(({ facts, mailId }) => ({ ...JSON.parse(facts), mailId }));
}

async function officeWithLimit(limit: number): Promise<void> {
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge({ monthlyLimitMicros: micros(limit * USD) });
}

/** All credit is used, and auto-recharge has its turn. */
async function crossing(): Promise<void> {
  const balance = await rig.balance();
  if (balance > 0) await rig.use(balance);
  await rig.later(6 * 3_600);
  await rig.deliverAll((reports) => [...reports, ...reports]);
}

test('near the monthly limit, and when nothing more fits under it: one mail each', async () => {
  await officeWithLimit(125);
  for (let round = 0; round < 3; round += 1) await crossing();
  expect(await limitMails()).toEqual([]);
  await crossing();
  const near = { takenMicros: 100 * USD, limitMicros: 125 * USD, isReached: false, currency: 'USD' };
  expect(await limitMails()).toMatchObject([near]);
  for (let round = 0; round < 3; round += 1) await crossing();
  expect(await limitMails()).toMatchObject([near, { takenMicros: 125 * USD, isReached: true }]);
  expect(await rig.charges()).toBe(5);
});

test('a limit that leaves less than one more is reached; it is told anew in the next month', async () => {
  await officeWithLimit(40);
  await crossing();
  await crossing();
  expect(await limitMails()).toMatchObject([{ takenMicros: 25 * USD, limitMicros: 40 * USD, isReached: true }]);
  rig.office.clock.advance(31 * 24 * 3_600_000);
  await crossing();
  await crossing();
  expect((await limitMails()).map(({ mailId }) => mailId)).toEqual([
    'recharge_limit:berlin:2026-01:reached',
    'recharge_limit:berlin:2026-02:reached',
  ]);
});

test('a top-up by hand is not counted', async () => {
  await officeWithLimit(40);
  await rig.pay();
  await rig.deliverAll();
  expect(await limitMails()).toEqual([]);
});

test('one that fails takes nothing and tells nothing of the limit', async () => {
  await rig.saveCard('4000000000000341');
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge({ monthlyLimitMicros: micros(25 * USD) });
  await crossing();
  expect((await rig.recharges()).map(({ status }) => status)).toEqual(['failed']);
  expect(await limitMails()).toEqual([]);
});
