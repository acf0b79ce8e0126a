/** Where several servers really meet: PostgreSQL, each server with a ledger and services of its own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLedger, type DrainableLedger } from '../../../server/ledger/ledger.ts';
import type { PaymentService } from '../../../server/payments/payment-service.ts';
import type { Store } from '../../../server/storage/store.ts';
import { micros } from '../../../src/protocol/money.ts';
import { DANA, LUIS, SAM } from '../../support/office-rig.ts';
import { agreed, PaymentRig, USD } from '../../support/payment-rig.ts';

// Read by test-store.ts when it is imported.
vi.hoisted(() => {
  process.env.CREDIT_PHONE_TEST_STORE = 'postgres';
});

let rig: PaymentRig;
let other: OtherServer;
beforeEach(async () => {
  rig = await PaymentRig.open();
  expect(rig.office.store.place).toContain('PostgreSQL');
  other = await secondServer();
}, 60_000);
afterEach(async () => {
  await other.ledger.close();
  await other.store.close();
  await rig.close();
});

interface OtherServer {
  readonly store: Store;
  readonly ledger: DrainableLedger;
  readonly service: PaymentService;
}

/** With connections of its own: nothing but the database is common to both. */
async function secondServer(): Promise<OtherServer> {
  const store = await rig.office.openStore();
  expect(store).not.toBe(rig.office.store);
  const ledger = createLedger(store);
  return { store, ledger, service: rig.office.newServices({ store, ledger }).payments };
}

test('a thousand looks at one crossing on two servers charge once, and each crossing once', async () => {
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge();
  // A service remembers which wallets it has looked at; each of these has to find out in the store.
  const { store, ledger } = other;
  const services = Array.from({ length: 200 }, (_, index) =>
    index % 2 ? rig.office.newServices({ store, ledger }).payments : rig.office.newServices().payments,
  );
  for (let crossing = 1; crossing <= 3; crossing += 1) {
    await rig.use((await rig.balance()) - 1 * USD);
    rig.office.clock.advance(3_600_000);
    const looks = Array.from({ length: 1_000 }, (_, index) => rig.lookAtRecharges(services[index % services.length]));
    await Promise.all(looks);
    expect([await rig.charges(), await rig.balance()]).toEqual([crossing, 26 * USD]);
  }
}, 120_000);

test('a wallet that cannot be written at the server that looks is charged by the one that can write it, once', async () => {
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge();
  await rig.use(19 * USD);
  rig.office.clock.advance(3_600_000);
  const created = rig.createCount;
  const { applyBatch } = other.store;
  other.store.applyBatch = async () => {
    throw new Error('cannot execute INSERT in a read-only transaction');
  };
  for (let look = 0; look < 3; look += 1) await rig.lookAtRecharges(other.service);
  expect([await rig.charges(), rig.createCount - created, await rig.recharges()]).toEqual([0, 0, []]);
  expect(await rig.recharge()).toMatchObject({ inFlightPaymentId: null, failures: 0 });
  await Promise.all([rig.lookAtRecharges(other.service), rig.lookAtRecharges(rig.service)]);
  expect([await rig.charges(), await rig.balance()]).toEqual([1, 26 * USD]);
  other.store.applyBatch = applyBatch.bind(other.store);
  await rig.lookAtRecharges(other.service);
  expect(await rig.charges()).toBe(1);
}, 60_000);

test('a top-up whose row cannot be written is not asked of the bank; the same wish again is one payment', async () => {
  await rig.saveCard();
  const { writeRows } = other.store;
  other.store.writeRows = async () => {
    throw new Error('cannot execute INSERT in a read-only transaction');
  };
  const wish = {
    paymentId: 'a-payment-without-a-row',
    amountMicros: micros(25 * USD),
    currency: 'USD',
    payWith: 'saved_card',
    keepsCard: false,
  } as const;
  await expect(rig.ask('startPayment', wish, { service: other.service })).rejects.toThrow('read-only');
  expect([rig.createCount, await rig.charges()]).toEqual([0, 0]);
  other.store.writeRows = writeRows.bind(other.store);
  for (const service of [other.service, rig.service])
    expect(agreed(await rig.ask('startPayment', wish, { service })).payment.status).toBe('succeeded');
  expect([await rig.charges(), await rig.balance()]).toEqual([1, 25 * USD]);
}, 60_000);

test('one payment, fifty reports on two servers beside the browser: one credit, then a refund and a debt', async () => {
  const { payment } = await rig.payWithNewCard('4242424242424242');
  const report = rig.reports.at(-1) ?? { body: '', signature: '' };
  const servers = [rig.service, other.service];
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => servers[index % 2]?.takeReport({ provider: 'simulated', ...report })),
  );
  agreed(await rig.ask('finishPayment', { paymentId: payment.paymentId }));
  await expect.poll(() => rig.balance()).toBe(25 * USD);
  await rig.use(20 * USD);
  const ref = await rig.refOf(payment.paymentId);
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 2_500 });
  const refunds = rig.reports.filter(({ body }) => body.includes('refund'));
  await Promise.all(
    [...refunds, ...refunds].map((one, index) => servers[index % 2]?.takeReport({ provider: 'simulated', ...one })),
  );
  await expect.poll(() => rig.owed()).toBe(20 * USD);
  expect(await rig.balance()).toBe(0);
}, 60_000);

test('scenario 11: twenty clicks on two servers at once are one payment', async () => {
  await rig.saveCard();
  const paymentId = 'a-payment-of-many-clicks';
  const wish = {
    paymentId,
    amountMicros: micros(25 * USD),
    currency: 'USD',
    payWith: 'saved_card',
    keepsCard: false,
  } as const;
  const clicks = Array.from({ length: 20 }, (_, index) =>
    rig.ask('startPayment', wish, { service: index % 2 ? other.service : rig.service }),
  );
  for (const click of await Promise.all(clicks)) expect(agreed(click).payment.paymentId).toBe(paymentId);
  await expect.poll(() => rig.balance()).toBe(25 * USD);
  expect(await rig.charges()).toBe(1);
}, 60_000);

test('two admins at two servers add credit at once: both amounts are there, and the agent has an answer of one of them (S-05)', async () => {
  const ask = { requestId: 'request-0001', reason: '' };
  expect((await rig.office.services.handlers.askForCredit(SAM, ask)).ok).toBe(true);
  const servers = [rig.office.services, rig.office.newServices({ store: other.store, ledger: other.ledger })];
  const presses = servers.flatMap(({ handlers }, server) =>
    [DANA, LUIS].map((admin) =>
      handlers.addPlayCredit(admin, { creditId: `press-${admin.personId}-${server}`, amountMicros: micros(5 * USD) }),
    ),
  );
  for (const press of await Promise.all(presses)) expect(press.ok).toBe(true);
  expect(await rig.balance()).toBe(20 * USD);
  const row = await rig.office.store.db.selectFrom('credit_request').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: 'granted', addedMicros: 5 * USD });
  expect([DANA.name, LUIS.name]).toContain(row.answeredByName);
}, 60_000);
