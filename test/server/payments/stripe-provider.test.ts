import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStripeProvider } from '../../../server/payments/stripe-provider.ts';
import { LocalStripe, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/local-stripe/local-stripe.ts';
import { answerOf, describeProvider } from './provider-contract.ts';

/** Patient, since the machine may be busy. */
function providerOn(stripe: LocalStripe, webhookSecret = WEBHOOK_SECRET, timeoutMs = 20_000) {
  return createStripeProvider({
    secretKey: STRIPE_KEY,
    publishableKey: 'pk_test_local',
    webhookSecret,
    address: stripe.address,
    timeoutMs,
    networkRetries: 0,
  });
}

describeProvider('Stripe by its SDK', async () => {
  const stripe = await LocalStripe.open();
  const { state } = stripe;
  return {
    provider: providerOn(stripe),
    nowMs: () => Date.now(),
    giveCard: async (clientSecret, number) => state.giveCard(clientSecret, number),
    authenticate: async (clientSecret, isConfirmed) => state.authenticate(clientSecret, isConfirmed),
    openDispute: async (ref, options) => state.openDispute(ref, options).id,
    closeDispute: async (ref, returnedMinor) => state.closeDispute(ref, returnedMinor),
    failRefund: async (ref) => state.failRefund(ref),
    lastReport: () => stripe.signed(state.events.at(-1) ?? state.emit('nothing', {})),
    close: () => stripe.close(),
  };
});

describe('Stripe', () => {
  let stripe: LocalStripe;
  beforeEach(async () => {
    stripe = await LocalStripe.open();
  }, 60_000);
  afterEach(() => stripe.close());

  const request = {
    paymentId: 'payment-1',
    accountId: 'acme',
    customerRef: 'cus_1',
    currency: 'USD',
    amountMinor: 2_500,
    method: { kind: 'new_card', keepsCard: true },
  } as const;

  test.each([
    'drop_before',
    'drop_after',
    '500',
    '429',
  ] as const)('scenarios 37 and 38: %s is unknown, and the same request again is one payment', async (mode) => {
    const provider = providerOn(stripe);
    // The SDK repeats once by itself when a connection is cut; the second fault meets that.
    stripe.faults.push({ route: 'POST /v1/payment_intents', mode }, { route: 'POST /v1/payment_intents', mode });
    expect((await provider.createPayment(request)).outcome).toBe('unknown');
    stripe.faults.length = 0;
    answerOf(await provider.createPayment(request));
    expect(stripe.state.intents.size).toBe(1);
  });

  test('a time-out is unknown; the payment is found by our own id', async () => {
    const provider = providerOn(stripe);
    stripe.faults.push({ route: 'POST /v1/payment_intents', mode: 'hang_after' });
    const hasty = providerOn(stripe, WEBHOOK_SECRET, 500);
    expect((await hasty.createPayment(request)).outcome).toBe('unknown');
    await expect.poll(() => stripe.state.intents.size).toBe(1);
    const search = { ...request, sinceMs: Date.now() - 60_000 };
    expect(answerOf(await provider.findPayment(search))?.paymentId).toBe('payment-1');
    expect(answerOf(await provider.findPayment({ ...search, paymentId: 'payment-2' }))).toBeNull();
  });

  test('scenario 45: every request has a key of ours and fits the schemas of the SDK', async () => {
    const provider = providerOn(stripe);
    answerOf(await provider.ensureCustomer({ key: 'acme:berlin', accountId: 'acme', name: 'Acme' }));
    const begun = answerOf(await provider.createPayment(request));
    answerOf(await provider.startCardSetup({ setupId: 'setup-1', accountId: 'acme', customerRef: 'cus_1' }));
    answerOf(await provider.refund({ refundId: 'refund-1', paymentRef: begun.ref, amountMinor: 1 }));
    const posts = stripe.requests.filter(({ method }) => method === 'POST');
    expect(posts.map(({ key }) => key)).toEqual([
      'cus:acme:berlin',
      'pay:acme:payment-1',
      'setup:acme:setup-1',
      'refund:refund-1',
    ]);
    expect(posts[1]?.params).toMatchObject({ allowed_payment_method_types: ['card'], amount: '2500', currency: 'usd' });
  });

  test('the schemas refuse what the pinned version does not know', async () => {
    const body = new URLSearchParams({ amount: '2500', currency: 'usd', 'payment_method_types[0]': 'card' });
    const { host, port } = stripe.address;
    const answer = await fetch(`http://${host}:${port}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${STRIPE_KEY}` },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('payment_method_types');
  });

  test('scenario 48: both secrets are good while one is being changed', async () => {
    const provider = providerOn(stripe, 'whsec_new, whsec_local');
    const event = stripe.state.emit('payment_intent.succeeded', { id: 'pi_1' });
    for (const secret of ['whsec_new', 'whsec_local']) {
      const read = await provider.readWebhook({ ...stripe.signed(event, { secret }), nowMs: Date.now() });
      expect(read).toMatchObject({ eventId: event.id, subject: 'payment', ref: 'pi_1' });
    }
    const old = await provider.readWebhook({ ...stripe.signed(event, { secret: 'whsec_old' }), nowMs: Date.now() });
    expect(old).toBeNull();
  });

  test('scenario 40: a report of the other mode is not read', async () => {
    const provider = providerOn(stripe);
    const event = { ...stripe.state.emit('payment_intent.succeeded', { id: 'pi_1' }), livemode: true };
    expect(await provider.readWebhook({ ...stripe.signed(event), nowMs: Date.now() })).toBeNull();
  });

  test('a wrong key is our own mistake, and nothing is known to be refused', async () => {
    const provider = createStripeProvider({
      secretKey: 'sk_test_other',
      publishableKey: 'pk_test_local',
      webhookSecret: WEBHOOK_SECRET,
      address: stripe.address,
    });
    expect((await provider.createPayment(request)).outcome).toBe('unknown');
  });
});
