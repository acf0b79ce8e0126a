/** What depends on what Stripe says: the whole of payments on the real SDK, over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStripeProvider } from '../../../server/payments/stripe-provider.ts';
import { micros } from '../../../src/protocol/money.ts';
import type { StartPayment } from '../../../src/protocol/payment.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import { LocalStripe, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/local-stripe/local-stripe.ts';
import type { LocalEvent, LocalIntent } from '../../support/local-stripe/stripe-state.ts';
import { DANA, OfficeRig } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';

const AMOUNT = 25_000_000;

let office: OfficeRig;
let stripe: LocalStripe;
beforeEach(async () => {
  office = await OfficeRig.open();
  stripe = await LocalStripe.open(() => office.clock.nowMs());
  office.paymentProvider = () =>
    createStripeProvider({
      secretKey: STRIPE_KEY,
      publishableKey: 'pk_test_local',
      webhookSecret: WEBHOOK_SECRET,
      address: stripe.address,
      networkRetries: 0,
    });
  office.services = office.newServices();
}, 60_000);
afterEach(async () => {
  expect(await ledgerFaults(office.store)).toEqual([]);
  await stripe.close();
  await office.close();
});

async function start(wish: Partial<StartPayment> = {}) {
  return await office.services.payments.handlers.startPayment(DANA, {
    paymentId: randomUUID(),
    amountMicros: micros(AMOUNT),
    currency: 'USD',
    payWith: 'new_card',
    keepsCard: true,
    ...wish,
  });
}

async function paid(number = '4242424242424242') {
  const begun = agreed(await start());
  const intent = stripe.state.giveCard(begun.step?.clientSecret ?? '', number);
  return { paymentId: begun.payment.paymentId, intent };
}

async function report(event: LocalEvent | undefined) {
  if (!event) throw new Error('Stripe has nothing to report');
  const taken = await office.services.payments.takeReport({ provider: 'stripe', ...stripe.signed(event) });
  // What was taken is worked on by itself; once more does no harm.
  await office.services.payments.works.find(({ name }) => name === 'payments/inbox')?.work();
  return taken;
}

async function events(): Promise<readonly { readonly problem: string | null; readonly doneAtMs: number | null }[]> {
  return await office.store.db.selectFrom('payment_event').select(['problem', 'doneAtMs']).execute();
}

const balance = async () => (await office.wallet()).balance;

test('scenario 1 to 3 on Stripe: the browser comes back and the report comes, one credit; the card is kept', async () => {
  const { paymentId } = await paid();
  agreed(await office.services.payments.handlers.finishPayment(DANA, { paymentId }));
  await report(stripe.state.events.at(-1));
  expect(await balance()).toBe(AMOUNT);
  const settings = agreed(await office.services.payments.handlers.paymentSettings(DANA, {}));
  expect(settings).toMatchObject({
    provider: { kind: 'stripe', publishableKey: 'pk_test_local', isTest: true },
    card: { last4: '4242' },
  });
  agreed(await start({ payWith: 'saved_card', keepsCard: false }));
  expect(await balance()).toBe(2 * AMOUNT);
});

test('scenario 6 on Stripe: charged, and the answer lost; the sweep credits one charge', async () => {
  const { paymentId } = await paid();
  agreed(await office.services.payments.handlers.finishPayment(DANA, { paymentId }));
  stripe.faults.push(
    { route: 'POST /v1/payment_intents', mode: 'drop_after' },
    { route: 'POST /v1/payment_intents', mode: 'drop_after' },
  );
  const lost = agreed(await start({ payWith: 'saved_card', keepsCard: false }));
  expect(lost.payment.status).toBe('pending');
  expect(await balance()).toBe(AMOUNT);
  office.clock.advance(61_000);
  await office.services.payments.works.find(({ name }) => name === 'payments/sweep')?.work();
  expect(await balance()).toBe(2 * AMOUNT);
  expect([...stripe.state.intents.values()].filter(({ status }) => status === 'succeeded').length).toBe(2);
});

test.each([
  ['scenario 23: another currency', { currency: 'eur' }],
  ['scenario 24: another amount', { amount: 9_900, amount_received: 9_900 }],
  ['less received than asked', { amount_received: 100 }],
  ["scenario 26: another customer's", { customer: 'cus_somebody_else' }],
] as const)('%s is not credited, and the operator is told', async (_what, change) => {
  const { paymentId, intent } = await paid();
  Object.assign(intent, change);
  await report(stripe.state.events.at(-1));
  const { payment } = agreed(await office.services.payments.handlers.payment(DANA, { paymentId }));
  expect(payment).toMatchObject({ status: 'failed', failure: { kind: 'mismatch', retry: 'never' } });
  expect(await balance()).toBe(0);
  expect(office.logged).toContain('a payment at the provider is not one of ours; look into it');
});

test('scenario 27: a payment of our customer that nobody here began stays in the inbox, and the operator is told', async () => {
  const { intent } = await paid();
  const orphan: LocalIntent = {
    ...intent,
    id: 'pi_orphan',
    metadata: { payment_id: 'unknown-payment', account_id: 'acme' },
  };
  stripe.state.intents.set(orphan.id, orphan);
  await report(stripe.state.emit('payment_intent.succeeded', orphan));
  expect(await events()).toEqual([{ problem: 'a payment of our customer that nobody here began', doneAtMs: null }]);
  expect(office.logged).toContain('a payment at the provider is not one of ours; look into it');
  expect(await balance()).toBe(0);
});

test('scenario 50: what other software does on the same Stripe account concerns nobody here', async () => {
  const { intent } = await paid();
  const foreign: LocalIntent = { ...intent, id: 'pi_foreign', customer: 'cus_foreign', metadata: {} };
  stripe.state.intents.set(foreign.id, foreign);
  await report(stripe.state.emit('payment_intent.succeeded', foreign));
  expect(await events()).toEqual([{ problem: null, doneAtMs: expect.any(Number) }]);
  expect(await balance()).toBe(0);
});

test('scenario 50: refunds and disputes of charges without a PaymentIntent are not asked for again and again', async () => {
  for (const [type, object] of [
    ['refund.created', 'refund'],
    ['charge.refunded', 'charge'],
    ['charge.dispute.created', 'dispute'],
  ] as const) {
    await report(stripe.state.emit(type, { id: `foreign_${object}`, object, payment_intent: null }));
  }
  expect(await events()).toEqual(Array(3).fill({ problem: null, doneAtMs: expect.any(Number) }));
});

test('scenario 22: Stripe does not answer while a report is worked on; it is worked on again', async () => {
  await paid();
  stripe.faults.push({ route: 'GET /v1/payment_intents/:id', mode: '500' });
  stripe.faults.push({ route: 'GET /v1/payment_intents/:id', mode: '500' });
  await report(stripe.state.events.at(-1));
  expect((await events())[0]?.doneAtMs).toBeNull();
  office.clock.advance(5_000);
  await office.services.payments.works.find(({ name }) => name === 'payments/inbox')?.work();
  expect(await balance()).toBe(AMOUNT);
});

test('scenarios 20 and 40: a forged, stale or foreign report is refused, and nothing is kept', async () => {
  await paid();
  const event = stripe.state.events.at(-1);
  if (!event) throw new Error('Stripe has nothing to report');
  const { takeReport } = office.services.payments;
  const good = stripe.signed(event);
  const bad = [
    { ...good, body: good.body.replace('succeeded', 'Succeeded') },
    { ...good, signature: null },
    stripe.signed(event, { secret: 'whsec_other' }),
    stripe.signed(event, { atMs: office.clock.nowMs() - 301_000 }),
    stripe.signed(event, { atMs: office.clock.nowMs() + 301_000 }),
    stripe.signed({ ...event, livemode: true }),
  ];
  for (const one of bad) expect(codeOf(await takeReport({ provider: 'stripe', ...one }))).toBe('webhook_invalid');
  expect(codeOf(await takeReport({ provider: 'simulated', ...good }))).toBe('payments_off');
  expect(await events()).toEqual([]);
});

test('scenarios 35 and 39: all deliveries are lost, and the list of events finds a dispute and a refund', async () => {
  const { intent } = await paid();
  stripe.state.refund({ payment_intent: intent.id, amount: '500' });
  await office.services.payments.workOnce();
  await office.services.payments.workOnce();
  expect(await balance()).toBe(AMOUNT - 5_000_000);
});

test('scenario 32: a dispute is won before its money comes back: nobody is told that it was lost, and auto-recharge goes on', async () => {
  const { paymentId, intent } = await paid();
  const { finishPayment, saveAutoRecharge } = office.services.payments.handlers;
  agreed(await finishPayment(DANA, { paymentId }));
  const amounts = {
    thresholdMicros: micros(5_000_000),
    amountMicros: micros(AMOUNT),
    monthlyLimitMicros: micros(AMOUNT),
  };
  agreed(await saveAutoRecharge(DANA, { isOn: true, hasConsented: true, ...amounts }));
  const dispute = stripe.state.openDispute(intent.id);
  await report(stripe.state.events.at(-1));
  expect(await rechargePause()).toBe('disputed');
  dispute.status = 'won';
  stripe.state.emit('charge.dispute.closed', dispute);
  await report(stripe.state.events.at(-1));
  expect([await rechargePause(), await balance()]).toEqual([null, 0]);
  stripe.state.moveFunds(dispute, dispute.amount);
  await report(stripe.state.events.at(-1));
  expect([await rechargePause(), await balance()]).toEqual([null, AMOUNT]);
  const alerts = await office.store.db
    .selectFrom('alert')
    .select('facts')
    .where('kind', '=', 'dispute_closed')
    .execute();
  expect(alerts.map(({ facts }) => JSON.parse(facts).isLost)).toEqual([false]);
});

async function rechargePause(): Promise<string | null> {
  return (await office.store.db.selectFrom('auto_recharge').select('pause').executeTakeFirstOrThrow()).pause;
}

test('a Stripe that cannot be reached at the first payment refuses before anything is begun', async () => {
  stripe.faults.push({ route: 'POST /v1/customers', mode: '500' });
  expect(codeOf(await start())).toBe('provider_unavailable');
  expect(await office.store.db.selectFrom('payment').selectAll().execute()).toEqual([]);
});
