/** `operator payments refund` of a payment at Stripe: the real SDK, over HTTP, against the local Stripe. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStripeProvider } from '../../../server/payments/stripe-provider.ts';
import { micros } from '../../../src/protocol/money.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import { LocalStripe, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/local-stripe/local-stripe.ts';
import { DANA, OfficeRig } from '../../support/office-rig.ts';
import { agreed, USD } from '../../support/payment-rig.ts';
import { runOperator } from '../../support/run-operator.ts';

const KEYS = {
  STRIPE_SECRET_KEY: STRIPE_KEY,
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  STRIPE_PUBLISHABLE_KEY: 'pk_test_local',
};

let office: OfficeRig;
let stripe: LocalStripe;
beforeEach(async () => {
  office = await OfficeRig.open();
  // The command lives by the real clock.
  office.clock.advance(Date.now() - office.clock.nowMs());
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

async function paid(): Promise<string> {
  const { handlers } = office.services.payments;
  const wish = { amountMicros: micros(25 * USD), currency: 'USD', payWith: 'new_card', keepsCard: true } as const;
  const { payment, step } = agreed(await handlers.startPayment(DANA, { paymentId: randomUUID(), ...wish }));
  stripe.state.giveCard(step?.clientSecret ?? '', '4242424242424242');
  const { paymentId } = payment;
  expect(agreed(await handlers.finishPayment(DANA, { paymentId })).payment.status).toBe('succeeded');
  return paymentId;
}

async function refund(payment: string, change: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = { payment, amount: '10', note: 'two phones were never used', id: 'refund-7', ...change };
  const words = ['payments', 'refund', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
  const environment = { ...office.environment, ...KEYS };
  return (await runOperator(environment, words, { stripeAddress: stripe.address })).lines.join('\n');
}

function refundsAsked(): number {
  return stripe.requests.filter(({ route }) => route === 'POST /v1/refunds').length;
}

async function balance(): Promise<number> {
  return (await office.wallet('berlin')).balance;
}

test('F-24, C-23: is sent to Stripe once, with an idempotency key, and takes the credit once', async () => {
  const paymentId = await paid();
  expect(await refund(paymentId)).toMatch(/^10\.00 USD is on its way to the card \(re_\w+\)/);
  expect(await balance()).toBe(15 * USD);
  expect(stripe.requests.findLast(({ route }) => route === 'POST /v1/refunds')).toMatchObject({
    params: { amount: '1000' },
    key: expect.stringContaining('refund-7'),
  });
  expect(await refund(paymentId)).toMatch(/^10\.00 USD had been ordered before, nothing more is sent/);
  expect(await balance()).toBe(15 * USD);
});

test('an answer that is lost is asked for again under the same id, and is one refund at Stripe', async () => {
  const paymentId = await paid();
  stripe.faults.push(...Array.from({ length: 3 }, () => ({ route: 'POST /v1/refunds', mode: 'drop_after' as const })));
  await expect(refund(paymentId)).rejects.toThrow(/same/);
  await refund(paymentId);
  expect(await balance()).toBe(15 * USD);
  expect(stripe.state.events.filter(({ type }) => type === 'refund.created')).toHaveLength(1);
});

test('what is more than is left never reaches Stripe', async () => {
  const paymentId = await paid();
  await expect(refund(paymentId, { amount: '25.01' })).rejects.toThrow(/no more can go back than was paid/);
  expect([refundsAsked(), await balance()]).toEqual([0, 25 * USD]);
});
