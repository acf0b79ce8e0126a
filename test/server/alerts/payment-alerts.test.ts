/**
 * What admins are told of payments (REQUIREMENTS 2.3 no. 8, complaint 23): declined, disputed, decided; each once, however often it is
 * reported.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PaymentRig, USD } from '../../support/payment-rig.ts';

const DECLINED = '4000000000000002';

let rig: PaymentRig;

beforeEach(async () => {
  rig = await PaymentRig.open();
});

afterEach(async () => {
  await rig.close();
});

async function told(): Promise<readonly Record<string, unknown>[]> {
  const { store } = rig.office;
  const rows = await store.db.selectFrom('alert').selectAll().orderBy('atMs').orderBy('kind').execute();
  const mails = await store.db.selectFrom('mail').selectAll().where('kind', '!=', 'paper').execute();
  expect(mails.map(({ mailId }) => mailId).toSorted()).toEqual(rows.map(({ alertId }) => alertId).toSorted());
  return rows.map(({ facts }) => JSON.parse(facts));
}

test('a card that is declined by hand is told once, with the reason, and nothing was charged', async () => {
  await rig.payWithNewCard(DECLINED);
  await rig.deliverAll((reports) => [...reports, ...reports]);
  await rig.later(61);
  expect(await told()).toMatchObject([
    { kind: 'payment_declined', amountMicros: 25 * USD, card: { last4: '0002' }, failure: { kind: 'declined' } },
  ]);
  expect(await rig.balance()).toBe(0);
});

test('a payment that comes is no alert', async () => {
  await rig.saveCard();
  await rig.pay();
  await rig.deliverAll();
  expect(await told()).toEqual([]);
});

test('a dispute is told when it is opened and when the bank has decided, whatever order the reports come in', async () => {
  await rig.saveCard();
  await rig.pay();
  await rig.deliverAll();
  const { providerRef } = await rig.office.store.db
    .selectFrom('payment')
    .select('providerRef')
    .where('kind', '=', 'top_up')
    .executeTakeFirstOrThrow();
  const dispute = await rig.provider.openDispute(providerRef ?? '');
  await rig.deliverAll((reports) => [...reports.toReversed(), ...reports]);
  await expect
    .poll(told)
    .toMatchObject([{ kind: 'payment_disputed', amountMicros: 25 * USD, card: { last4: '4242' } }]);
  rig.office.clock.advance(1_000);
  await rig.provider.closeDispute(dispute, { returnedMinor: 2_500 });
  await rig.deliverAll((reports) => [...reports, ...reports]);
  await expect.poll(told).toMatchObject([{ kind: 'payment_disputed' }, { kind: 'dispute_closed', isLost: false }]);
});

test('a dispute that is lost says so', async () => {
  await rig.saveCard();
  await rig.pay();
  await rig.deliverAll();
  const payment = await rig.office.store.db
    .selectFrom('payment')
    .selectAll()
    .where('kind', '=', 'top_up')
    .executeTakeFirstOrThrow();
  const dispute = await rig.provider.openDispute(payment.providerRef ?? '');
  await rig.deliverAll();
  await expect.poll(told).toHaveLength(1);
  rig.office.clock.advance(1_000);
  await rig.provider.closeDispute(dispute, { returnedMinor: 0 });
  await rig.deliverAll();
  await expect.poll(told).toMatchObject([{ kind: 'payment_disputed' }, { kind: 'dispute_closed', isLost: true }]);
});
