/** What every payment provider does; run against the simulated one, and against the real SDK of Stripe over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  PaymentProvider,
  PaymentRequest,
  ProviderPayment,
  ProviderReply,
} from '../../../server/payments/payment-provider.ts';

export interface ProviderWorld {
  readonly provider: PaymentProvider;
  nowMs(): number;
  /** The browser's part. */
  giveCard(clientSecret: string, number: string): Promise<unknown>;
  authenticate(clientSecret: string, isConfirmed: boolean): Promise<void>;
  /** The banks' part. */
  openDispute(paymentRef: string, options?: { readonly isInquiry?: boolean }): Promise<string>;
  closeDispute(ref: string, returnedMinor: number): Promise<void>;
  failRefund(ref: string): Promise<void>;
  /** The newest report as it is delivered. */
  lastReport(): { readonly body: string; readonly signature: string };
  close(): Promise<void>;
}

export function answerOf<Value>(reply: ProviderReply<Value>): Value {
  if (reply.outcome !== 'answered') throw new Error(`${reply.outcome}: ${reply.cause}`);
  return reply.value;
}

export function describeProvider(name: string, open: () => Promise<ProviderWorld>): void {
  describe(`${name}, as every payment provider`, () => {
    let world: ProviderWorld;
    let customerRef: string;
    beforeEach(async () => {
      world = await open();
      const customer = { key: `acme:${randomUUID()}`, accountId: 'acme', name: 'Acme' };
      customerRef = answerOf(await world.provider.ensureCustomer(customer));
      expect(answerOf(await world.provider.ensureCustomer(customer))).toBe(customerRef);
    }, 60_000);
    afterEach(() => world.close());

    function request(method: PaymentRequest['method'], change: Partial<PaymentRequest> = {}): PaymentRequest {
      const paymentId = randomUUID();
      return { paymentId, accountId: 'acme', customerRef, currency: 'USD', amountMinor: 2_500, method, ...change };
    }

    async function pay(asked: PaymentRequest): Promise<ProviderPayment> {
      return answerOf(await world.provider.createPayment(asked));
    }

    async function savedCard(number: string): Promise<string> {
      const setup = { setupId: randomUUID(), accountId: 'acme', customerRef };
      const started = answerOf(await world.provider.startCardSetup(setup));
      expect(started).toMatchObject({ status: 'card_needed', paymentId: setup.setupId, accountId: 'acme' });
      await world.giveCard(started.clientSecret ?? '', number);
      if (answerOf(await world.provider.getCardSetup(started.ref)).status === 'requires_action')
        await world.authenticate(started.clientSecret ?? '', true);
      const done = answerOf(await world.provider.getCardSetup(started.ref));
      expect(done).toMatchObject({ status: 'succeeded', card: { last4: number.slice(-4) } });
      return done.cardRef ?? '';
    }

    test('a new card pays: the amount, the customer and our own ids come back', async () => {
      const asked = request({ kind: 'new_card', keepsCard: false });
      const begun = await pay(asked);
      expect(begun).toMatchObject({ status: 'card_needed', amountMinor: 2_500, receivedMinor: 0, currency: 'USD' });
      await world.giveCard(begun.clientSecret ?? '', '4242424242424242');
      expect(answerOf(await world.provider.getPayment(begun.ref))).toMatchObject({
        paymentId: asked.paymentId,
        accountId: 'acme',
        customerRef,
        status: 'succeeded',
        receivedMinor: 2_500,
        failure: null,
        card: { brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 },
      });
    });

    test('a saved card pays at once, with its owner there and without', async () => {
      const cardRef = await savedCard('4242424242424242');
      for (const kind of ['saved_card', 'off_session'] as const)
        expect(await pay(request({ kind, cardRef }))).toMatchObject({ status: 'succeeded', receivedMinor: 2_500 });
    });

    test('the same id is the same payment, also when it was declined (scenario 41)', async () => {
      for (const number of ['4242424242424242', '4000000000000341']) {
        const asked = request({ kind: 'off_session', cardRef: await savedCard(number) });
        const first = await pay(asked);
        expect(await pay(asked)).toEqual(first);
        const search = { ...asked, sinceMs: world.nowMs() - 1_000 };
        expect(answerOf(await world.provider.findPayment(search))?.ref).toBe(first.ref);
      }
    });

    test('the same id with another amount changes nothing', async () => {
      const asked = request({ kind: 'new_card', keepsCard: false });
      const first = await pay(asked);
      expect((await world.provider.createPayment({ ...asked, amountMinor: 9_900 })).outcome).toBe('refused');
      expect(answerOf(await world.provider.getPayment(first.ref)).amountMinor).toBe(2_500);
    });

    test.each([
      ['4000000000000002', 'declined', 'new_card'],
      ['4000000000009995', 'insufficient_funds', 'later'],
      ['4000000000000069', 'expired', 'new_card'],
      ['4000000000000127', 'incorrect_cvc', 'new_card'],
      ['4000000000000119', 'processing', 'later'],
    ])('card %s fails as %s', async (number, kind, retry) => {
      const begun = await pay(request({ kind: 'new_card', keepsCard: false }));
      await world.giveCard(begun.clientSecret ?? '', number);
      const failed = answerOf(await world.provider.getPayment(begun.ref));
      expect(failed).toMatchObject({ status: 'failed', failure: { kind, retry }, receivedMinor: 0 });
    });

    test('a card that attaches and then declines', async () => {
      const cardRef = await savedCard('4000000000000341');
      for (const kind of ['saved_card', 'off_session'] as const)
        expect(await pay(request({ kind, cardRef }))).toMatchObject({
          status: 'failed',
          failure: { kind: 'declined' },
        });
    });

    test('authentication: asked for, refused, asked again, confirmed', async () => {
      const begun = await pay(request({ kind: 'new_card', keepsCard: false }));
      const secret = begun.clientSecret ?? '';
      await world.giveCard(secret, '4000002760003184');
      expect(answerOf(await world.provider.getPayment(begun.ref)).status).toBe('requires_action');
      await world.authenticate(secret, false);
      expect(answerOf(await world.provider.getPayment(begun.ref))).toMatchObject({
        status: 'failed',
        failure: { kind: 'authentication_failed', retry: 'authenticate' },
      });
      await world.giveCard(secret, '4000002760003184');
      await world.authenticate(secret, true);
      expect(answerOf(await world.provider.getPayment(begun.ref))).toMatchObject({
        status: 'succeeded',
        failure: null,
      });
    });

    test('without its owner a card may need authentication: once, or always', async () => {
      const once = await savedCard('4000002500003155');
      expect(await pay(request({ kind: 'off_session', cardRef: once }))).toMatchObject({ status: 'succeeded' });
      const always = await savedCard('4000002760003184');
      expect(await pay(request({ kind: 'off_session', cardRef: always }))).toMatchObject({
        status: 'failed',
        failure: { kind: 'authentication_required', retry: 'authenticate' },
      });
    });

    test('a card that is kept can pay again; it can be looked up and forgotten, more than once', async () => {
      const begun = await pay(request({ kind: 'new_card', keepsCard: true }));
      await world.giveCard(begun.clientSecret ?? '', '5555555555554444');
      const { cardRef } = answerOf(await world.provider.getPayment(begun.ref));
      const card = { cardRef: cardRef ?? '', customerRef };
      expect(answerOf(await world.provider.getCard(card))).toMatchObject({ brand: 'mastercard', last4: '4444' });
      expect(await pay(request({ kind: 'saved_card', cardRef: card.cardRef }))).toMatchObject({ status: 'succeeded' });
      for (let time = 0; time < 2; time += 1) answerOf(await world.provider.forgetCard(card.cardRef));
      expect(answerOf(await world.provider.getCard(card))).toBeNull();
      const refused = await world.provider.createPayment(request({ kind: 'saved_card', cardRef: card.cardRef }));
      expect(refused.outcome).toBe('refused');
    });

    test("another customer's card pays nothing (scenario 26)", async () => {
      const cardRef = await savedCard('4242424242424242');
      const other = { key: `other:${randomUUID()}`, accountId: 'other', name: 'Other' };
      const theirs = answerOf(await world.provider.ensureCustomer(other));
      const asked = request({ kind: 'saved_card', cardRef }, { customerRef: theirs, accountId: 'other' });
      expect((await world.provider.createPayment(asked)).outcome).toBe('refused');
    });

    test('a payment can be given up, but not one that succeeded', async () => {
      const open = await pay(request({ kind: 'new_card', keepsCard: false }));
      expect(answerOf(await world.provider.cancelPayment(open.ref)).status).toBe('canceled');
      expect(answerOf(await world.provider.cancelPayment(open.ref)).status).toBe('canceled');
      const paid = await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      expect(answerOf(await world.provider.cancelPayment(paid.ref)).status).toBe('succeeded');
    });

    test('refunds: once by their id, listed, and given back when they fail', async () => {
      const paid = await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      const wish = { refundId: randomUUID(), paymentRef: paid.ref, amountMinor: 700 };
      const refund = answerOf(await world.provider.refund(wish));
      expect(answerOf(await world.provider.refund(wish)).ref).toBe(refund.ref);
      const expected = { ref: refund.ref, paymentRef: paid.ref, amountMinor: 700, currency: 'USD', status: 'taken' };
      expect(answerOf(await world.provider.refundsOf(paid.ref))).toMatchObject([expected]);
      await world.failRefund(refund.ref);
      expect(answerOf(await world.provider.getRefund(refund.ref)).status).toBe('given_back');
    });

    test('disputes: money goes, and some of it may come back', async () => {
      const paid = await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      const ref = await world.openDispute(paid.ref);
      const open = answerOf(await world.provider.getDispute(ref));
      expect(open).toMatchObject({ paymentRef: paid.ref, status: 'open', movements: [{ amountMinor: -2_500 }] });
      await world.closeDispute(ref, 1_000);
      const closed = answerOf(await world.provider.getDispute(ref));
      expect([open.isWon, closed.isWon]).toEqual([false, false]);
      expect(closed).toMatchObject({ status: 'closed', movements: [{ amountMinor: -2_500 }, { amountMinor: 1_000 }] });
      expect(closed.movements[0]?.ref).toBe(open.movements[0]?.ref);
    });

    test('a dispute is won when all of the money comes back', async () => {
      const paid = await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      const ref = await world.openDispute(paid.ref);
      await world.closeDispute(ref, 2_500);
      expect(answerOf(await world.provider.getDispute(ref))).toMatchObject({ status: 'closed', isWon: true });
    });

    test('an inquiry moves no money', async () => {
      const paid = await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      const ref = await world.openDispute(paid.ref, { isInquiry: true });
      expect(answerOf(await world.provider.getDispute(ref))).toMatchObject({ status: 'inquiry', movements: [] });
    });

    test('events are listed, oldest first, and say what they are about', async () => {
      const sinceMs = world.nowMs() - 1_000;
      const paid = await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      const refund = answerOf(
        await world.provider.refund({ refundId: randomUUID(), paymentRef: paid.ref, amountMinor: 100 }),
      );
      const events = answerOf(await world.provider.listEvents(sinceMs));
      expect(events).toContainEqual(expect.objectContaining({ subject: 'payment', ref: paid.ref }));
      expect(events).toContainEqual(expect.objectContaining({ subject: 'refund', ref: refund.ref }));
      expect(events).toContainEqual(expect.objectContaining({ subject: 'refunded_payment', ref: paid.ref }));
      expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
    });

    test('scenarios 20 and 47: a report is read when it is genuine and fresh, and not otherwise', async () => {
      await pay(request({ kind: 'saved_card', cardRef: await savedCard('4242424242424242') }));
      const { body, signature } = world.lastReport();
      const nowMs = world.nowMs();
      const read = (change: object) => world.provider.readWebhook({ body, signature, nowMs, ...change });
      expect(await read({})).toMatchObject({ subject: expect.any(String), eventId: expect.any(String) });
      expect(await read({ nowMs: nowMs + 299_000 })).not.toBeNull();
      expect(await read({ nowMs: nowMs + 302_000 })).toBeNull();
      expect(await read({ nowMs: nowMs - 302_000 })).toBeNull();
      expect(await read({ body: body.replace('"type"', '"Type"') })).toBeNull();
      expect(await read({ signature: null })).toBeNull();
      expect(await read({ signature: '' })).toBeNull();
      expect(await read({ signature: signature.replace('v1=', 'v0=') })).toBeNull();
    });

    test('what does not exist is refused, not unknown', async () => {
      const { provider } = world;
      const replies = await Promise.all([
        provider.getPayment('pi_nothing'),
        provider.getCardSetup('seti_nothing'),
        provider.getRefund('re_nothing'),
        provider.getDispute('du_nothing'),
      ]);
      expect(replies.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused', 'refused']);
    });
  });
}
