/**
 * Stripe by its official SDK. Card payments by PaymentIntents, one way for the panel and for auto-recharge. Every POST carries an
 * idempotency key made of our own id, so that no retry, restart or second server charges again; metadata carries our id back.
 */
import type Stripe from 'stripe';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import {
  answered,
  CARD_CHECK_SUFFIX,
  type PaymentProvider,
  type PaymentRequest,
  type ProviderClient,
  type ProviderEvent,
  type ProviderPayment,
  type ProviderReply,
  WEBHOOK_TOLERANCE_SECONDS,
  type WebhookDelivery,
} from './payment-provider.ts';
import { createStripeClient, type StripeClientOptions } from './stripe-client.ts';
import { cardOf, disputeOf, eventOf, paymentOf, refundOf, setupOf } from './stripe-objects.ts';
import { replyOf } from './stripe-reply.ts';

export interface StripeProviderOptions extends StripeClientOptions {
  readonly publishableKey: string;
  /** Two, separated by a comma, while the secret is being changed. */
  readonly webhookSecret: string;
}

/** Cards only: no method that leads the page away, which would end a running call. */
const CARDS_ONLY = { allowed_payment_method_types: ['card' as const] };
const WITH_CARD = { expand: ['payment_method'] };
/** Payments of one customer that are looked through for a lost one. */
const MAX_SEARCHED = 300;
/** Events of three days that are looked through at most. */
const MAX_EVENTS = 5_000;
/** A page of events carries at most so many type filters; these are all that are used. */
const EVENT_TYPES: Stripe.EventListParams['types'] = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'setup_intent.succeeded',
  'payment_method.detached',
  'payment_method.automatically_updated',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
];

export function createStripeProvider(options: StripeProviderOptions): PaymentProvider {
  const stripe = createStripeClient(options);
  const isTest = !options.secretKey.includes('_live_');
  const client: ProviderClient = { kind: 'stripe', publishableKey: options.publishableKey, isTest };
  return {
    kind: 'stripe',
    client,
    ...payments(stripe),
    ...cards(stripe),
    ...returns(stripe),
    listEvents: (sinceMs) => replyOf(() => listEvents(stripe, sinceMs)),
    readWebhook: (delivery) => readWebhook(stripe, { ...delivery, isTest, secrets: options.webhookSecret.split(',') }),
  };
}

type Methods<Name extends keyof PaymentProvider> = Pick<PaymentProvider, Name>;

function payments(stripe: Stripe): Methods<'createPayment' | 'getPayment' | 'findPayment' | 'cancelPayment'> {
  return {
    createPayment: (request) =>
      replyOf(
        async () =>
          paymentOf(
            await stripe.paymentIntents.create(paramsOf(request), {
              idempotencyKey: `pay:${request.accountId}:${request.paymentId}`,
            }),
          ),
        ({ payment_intent }) => (payment_intent ? paymentOf(payment_intent) : null),
      ),
    getPayment: (ref) => replyOf(async () => paymentOf(await stripe.paymentIntents.retrieve(ref, WITH_CARD))),
    findPayment: (search) => replyOf(() => findPayment(stripe, search)),
    cancelPayment: (ref) => cancelPayment(stripe, ref),
  };
}

function paramsOf(request: PaymentRequest): Stripe.PaymentIntentCreateParams {
  const { method } = request;
  return {
    amount: request.amountMinor,
    currency: request.currency.toLowerCase(),
    customer: request.customerRef,
    ...(request.purpose === 'card_check'
      ? { description: 'Card check', statement_descriptor_suffix: CARD_CHECK_SUFFIX }
      : { description: 'Phone credit' }),
    metadata: { payment_id: request.paymentId, account_id: request.accountId },
    ...CARDS_ONLY,
    ...WITH_CARD,
    ...(method.kind === 'new_card' && method.keepsCard ? { setup_future_usage: 'off_session' } : {}),
    ...(method.kind === 'saved_card' ? { payment_method: method.cardRef, confirm: true, use_stripe_sdk: true } : {}),
    ...(method.kind === 'off_session'
      ? {
          payment_method: method.cardRef,
          confirm: true,
          off_session: true,
          payment_method_options: { card: { stored_credential_usage: 'unscheduled' } },
        }
      : {}),
  };
}

async function findPayment(
  stripe: Stripe,
  search: Parameters<PaymentProvider['findPayment']>[0],
): Promise<ProviderPayment | null> {
  // Their clock is not ours: five minutes of room.
  const since = Math.floor(search.sinceMs / MILLISECONDS_PER_SECOND) - WEBHOOK_TOLERANCE_SECONDS;
  const list = stripe.paymentIntents.list({ customer: search.customerRef, created: { gte: since }, limit: 100 });
  const found = (await list.autoPagingToArray({ limit: MAX_SEARCHED })).find(
    ({ metadata }) => metadata.payment_id === search.paymentId,
  );
  return found ? paymentOf(found) : null;
}

/** One that cannot be canceled any more has gone on meanwhile: its state is the answer. */
async function cancelPayment(stripe: Stripe, ref: string): Promise<ProviderReply<ProviderPayment>> {
  const canceled = await replyOf(async () => paymentOf(await stripe.paymentIntents.cancel(ref)));
  if (canceled.outcome !== 'refused') return canceled;
  return replyOf(async () => paymentOf(await stripe.paymentIntents.retrieve(ref, WITH_CARD)));
}

function cards(
  stripe: Stripe,
): Methods<'ensureCustomer' | 'startCardSetup' | 'getCardSetup' | 'getCard' | 'forgetCard'> {
  return {
    ensureCustomer: ({ key, accountId, name }) =>
      replyOf(async () => {
        const metadata = { account_id: accountId };
        return (await stripe.customers.create({ name, metadata }, { idempotencyKey: `cus:${key}` })).id;
      }),
    startCardSetup: ({ setupId, accountId, customerRef }) =>
      replyOf(async () => {
        const metadata = { payment_id: setupId, account_id: accountId };
        const params = { customer: customerRef, usage: 'off_session' as const, metadata, ...CARDS_ONLY };
        return setupOf(await stripe.setupIntents.create(params, { idempotencyKey: `setup:${accountId}:${setupId}` }));
      }),
    getCardSetup: (ref) => replyOf(async () => setupOf(await stripe.setupIntents.retrieve(ref, WITH_CARD))),
    getCard: ({ cardRef, customerRef }) =>
      replyOf(async () => {
        const method = await stripe.paymentMethods.retrieve(cardRef);
        const owner = typeof method.customer === 'string' ? method.customer : method.customer?.id;
        return owner === customerRef ? cardOf(method) : null;
      }),
    forgetCard: async (cardRef) => {
      const reply = await replyOf(() => stripe.paymentMethods.detach(cardRef));
      return reply.outcome === 'unknown' ? reply : answered(null);
    },
  };
}

function returns(stripe: Stripe): Methods<'refund' | 'getRefund' | 'refundsOf' | 'getDispute'> {
  return {
    refund: ({ refundId, paymentRef, amountMinor }) =>
      replyOf(async () => {
        const params = { payment_intent: paymentRef, amount: amountMinor };
        return ours(refundOf(await stripe.refunds.create(params, { idempotencyKey: `refund:${refundId}` })));
      }),
    getRefund: (ref) => replyOf(async () => ours(refundOf(await stripe.refunds.retrieve(ref)))),
    refundsOf: (paymentRef) =>
      replyOf(async () => {
        const list = await stripe.refunds
          .list({ payment_intent: paymentRef, limit: 100 })
          .autoPagingToArray({ limit: 1_000 });
        return list.flatMap((refund) => refundOf(refund) ?? []);
      }),
    getDispute: (ref) => replyOf(async () => ours(disputeOf(await stripe.disputes.retrieve(ref)))),
  };
}

/** Payments of ours are PaymentIntents, and so is what comes back of them. */
function ours<Value>(value: Value | null): Value {
  if (value === null) throw new Error('Stripe gave a refund or dispute that belongs to no PaymentIntent');
  return value;
}

async function listEvents(stripe: Stripe, sinceMs: number): Promise<readonly ProviderEvent[]> {
  const created = { gte: Math.floor(sinceMs / MILLISECONDS_PER_SECOND) };
  const list = stripe.events.list({ types: EVENT_TYPES ?? [], created, limit: 100 });
  return (await list.autoPagingToArray({ limit: MAX_EVENTS })).map(eventOf).reverse();
}

async function readWebhook(
  stripe: Stripe,
  delivery: WebhookDelivery & { readonly isTest: boolean; readonly secrets: readonly string[] },
): Promise<ProviderEvent | null> {
  const { body, signature, nowMs, isTest, secrets } = delivery;
  if (signature === null || isFromTheFuture(signature, nowMs)) return null;
  for (const secret of secrets) {
    try {
      const event = await stripe.webhooks.constructEventAsync(
        body,
        signature,
        secret.trim(),
        WEBHOOK_TOLERANCE_SECONDS,
        undefined,
        nowMs,
      );
      return event.livemode === !isTest ? eventOf(event) : null;
    } catch {
      // Not signed with this secret, too old, or not JSON: the next secret, or nothing.
    }
  }
  return null;
}

/** The SDK refuses old signatures only; one that is dated ahead could be replayed for as long as it is ahead. */
function isFromTheFuture(signature: string, nowMs: number): boolean {
  const seconds = Number(/(?:^|,)\s*t=(\d{1,12})(?:,|$)/.exec(signature)?.[1]);
  return !(seconds <= nowMs / MILLISECONDS_PER_SECOND + WEBHOOK_TOLERANCE_SECONDS);
}
