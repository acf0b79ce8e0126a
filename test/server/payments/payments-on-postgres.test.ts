/** Where several servers really meet: PostgreSQL, each server with a ledger and services of its own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLedger, type DrainableLedger } from '../../../server/ledger/ledger.ts';
import type { PaymentService } from '../../../server/payments/payment-service.ts';
import { micros } from '../../../src/protocol/money.ts';
import { agreed, PaymentRig, USD } from '../../support/payment-rig.ts';

// Read by test-store.ts when it is imported.
vi.hoisted(() => {
  process.env.CREDIT_PHONE_TEST_STORE = 'postgres';
});

let rig: PaymentRig;
let other: { readonly ledger: DrainableLedger; readonly service: PaymentService };
beforeEach(async () => {
  rig = await PaymentRig.open();
  expect(rig.office.store.place).toContain('PostgreSQL');
  other = secondServer();
}, 60_000);
afterEach(async () => {
  await other.ledger.close();
  await rig.close();
});

function secondServer() {
  const { office } = rig;
  const mine = office.ledger;
  const ledger = createLedger(office.store);
  office.ledger = ledger;
  const service = office.newServices().payments;
  office.ledger = mine;
  return { ledger, service };
}

test('a thousand looks at one crossing on two servers charge once, and each crossing once', async () => {
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge();
  for (let crossing = 1; crossing <= 3; crossing += 1) {
    await rig.use((await rig.balance()) - 1 * USD);
    rig.office.clock.advance(3_600_000);
    const looks = Array.from({ length: 1_000 }, (_, index) =>
      rig.lookAtRecharges(index % 2 ? other.service : rig.service),
    );
    await Promise.all(looks);
    expect([await rig.charges(), await rig.balance()]).toEqual([crossing, 26 * USD]);
  }
}, 120_000);

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
