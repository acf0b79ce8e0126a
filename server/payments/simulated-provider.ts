/**
 * A payment provider without a bank: the same states, cards, authentication and signed reports as Stripe in test mode, kept in the store.
 * The default of `npm start`. No money moves, and no real card number is taken.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { SimulatedAnswer, SimulatedConfirm } from '../../src/protocol/simulated-payment.ts';
import type { After, ServerClock } from '../services.ts';
import type { CardErrorCodes } from './decline.ts';
import { failureOf } from './decline.ts';
import {
  answered,
  CARD_CHECK_SUFFIX,
  EVENT_SUBJECTS,
  type EventSubject,
  type PaymentProvider,
  type PaymentRequest,
  type ProviderEvent,
  type ProviderPayment,
  type ProviderReply,
  type ProviderSetup,
} from './payment-provider.ts';
import { brandOf, isDisputedCard } from './simulated-bank.ts';
import { type DeliveryMode, deliveryMode, setDeliveries } from './simulated-deliveries.ts';
import { answerOf, cardOf, charged, EVENT_TYPES, hash, newIntent, refOf } from './simulated-intent.ts';
import {
  type SimulatedDispute,
  type SimulatedEvent,
  type SimulatedIntent,
  type SimulatedMethod,
  SimulatedObjects,
  type SimulatedRefund,
  type SimulatedStore,
  type Stored,
} from './simulated-objects.ts';
import { type SignedReport, SimulatedWebhooks } from './simulated-webhooks.ts';
import { isSigned } from './webhook-signature.ts';

export interface SimulatedProviderOptions {
  readonly store: SimulatedStore;
  readonly clock: ServerClock;
  readonly after: After;
  readonly webhookSecret: string;
  /** Where reports go; false: not taken, it is tried again. */
  readonly deliver: (report: SignedReport) => Promise<boolean>;
}

const eventSchema = z.object({
  eventId: z.string(),
  type: z.string(),
  subject: z.enum(EVENT_SUBJECTS),
  ref: z.string(),
  createdAtMs: z.int(),
});

const NOT_AUTHENTICATED: CardErrorCodes = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  adviceCode: null,
};
const NO_SUCH = {
  outcome: 'refused',
  failure: { kind: 'provider_unavailable', retry: 'later' },
  cause: 'no such object',
} as const;

type Intent = Stored<SimulatedIntent>;

export class SimulatedProvider implements PaymentProvider {
  readonly kind = 'simulated';
  readonly client = { kind: 'simulated', isTest: true } as const;
  readonly #webhooks: SimulatedWebhooks;
  readonly #objects: SimulatedObjects;
  readonly #clock: ServerClock;
  readonly #webhookSecret: string;

  constructor(options: SimulatedProviderOptions) {
    this.#objects = new SimulatedObjects(options.store);
    this.#clock = options.clock;
    this.#webhookSecret = options.webhookSecret;
    this.#webhooks = new SimulatedWebhooks({ ...options, secret: options.webhookSecret });
  }

  async ensureCustomer({ key }: { readonly key: string }): Promise<ProviderReply<string>> {
    return answered(`sim_cus_${hash(key)}`);
  }

  async createPayment(request: PaymentRequest): Promise<ProviderReply<ProviderPayment>> {
    const { method } = request;
    const intent: SimulatedIntent = {
      ...newIntent('payment', request),
      currency: request.currency,
      amountMinor: request.amountMinor,
      cardRef: method.kind === 'new_card' ? null : method.cardRef,
      keepsCard: method.kind === 'new_card' && method.keepsCard,
      isOffSession: method.kind === 'off_session',
      ...(request.purpose === 'card_check' ? { statementSuffix: CARD_CHECK_SUFFIX } : {}),
    };
    const known = await this.#objects.find<SimulatedIntent>('payment', refOf('pay', request));
    if (known) return this.#replay(known, intent);
    if (method.kind === 'new_card') return this.#add('pay', intent);
    const card = await this.#objects.find<SimulatedMethod>('card', method.cardRef);
    if (card?.content.customerRef !== request.customerRef) return NO_SUCH;
    return this.#add(
      'pay',
      charged(intent, card.content, method.kind === 'off_session' ? 'off_session' : 'on_session'),
    );
  }

  async getPayment(ref: string): Promise<ProviderReply<ProviderPayment>> {
    const intent = await this.#objects.find<SimulatedIntent>('payment', ref);
    return intent ? answered(await this.#paymentOf(intent)) : NO_SUCH;
  }

  async findPayment(search: {
    readonly accountId: string;
    readonly paymentId: string;
  }): Promise<ProviderReply<ProviderPayment | null>> {
    const intent = await this.#objects.find<SimulatedIntent>('payment', refOf('pay', search));
    return answered(intent && (await this.#paymentOf(intent)));
  }

  async cancelPayment(ref: string): Promise<ProviderReply<ProviderPayment>> {
    const intent = await this.#objects.find<SimulatedIntent>('payment', ref);
    if (!intent) return NO_SUCH;
    const isOpen = intent.content.status !== 'succeeded' && intent.content.status !== 'canceled';
    if (isOpen && !(await this.#move(intent, { status: 'canceled' }))) return await this.cancelPayment(ref);
    return await this.getPayment(ref);
  }

  async startCardSetup(setup: {
    readonly setupId: string;
    readonly accountId: string;
    readonly customerRef: string;
  }): Promise<ProviderReply<ProviderSetup>> {
    const intent = { ...newIntent('setup', { ...setup, paymentId: setup.setupId }), keepsCard: true };
    return await this.getCardSetup(await this.#insert('set', intent));
  }

  async getCardSetup(ref: string): Promise<ProviderReply<ProviderSetup>> {
    const intent = await this.#objects.find<SimulatedIntent>('setup', ref);
    return intent ? answered(await this.#paymentOf(intent)) : NO_SUCH;
  }

  async getCard(card: { readonly cardRef: string; readonly customerRef: string }) {
    const method = await this.#objects.find<SimulatedMethod>('card', card.cardRef);
    return answered(method?.content.customerRef === card.customerRef ? cardOf(method.content) : null);
  }

  async forgetCard(cardRef: string): Promise<ProviderReply<null>> {
    const method = await this.#objects.find<SimulatedMethod>('card', cardRef);
    if (method === null || method.content.customerRef === null) return answered(null);
    const isDone = await this.#objects.change({ ...method, content: { ...method.content, customerRef: null } });
    if (isDone) await this.#tell({ type: 'payment_method.detached', subject: 'card', ref: cardRef });
    return answered(null);
  }

  async refund(request: { readonly refundId: string; readonly paymentRef: string; readonly amountMinor: number }) {
    const intent = await this.#objects.find<SimulatedIntent>('payment', request.paymentRef);
    if (intent?.content.status !== 'succeeded') return NO_SUCH;
    const ref = `sim_ref_${hash(request.refundId)}`;
    const { paymentRef, amountMinor } = request;
    const content: SimulatedRefund = {
      kind: 'refund',
      paymentRef,
      currency: intent.content.currency,
      amountMinor,
      status: 'taken',
    };
    if (await this.#objects.add({ ref, content, atMs: this.#clock.nowMs() })) {
      await this.#tell({ type: 'refund.created', subject: 'refund', ref });
      await this.#tell({ type: 'charge.refunded', subject: 'refunded_payment', ref: paymentRef });
    }
    return await this.getRefund(ref);
  }

  async getRefund(ref: string) {
    const refund = await this.#objects.find<SimulatedRefund>('refund', ref);
    return refund ? answered({ ref, ...refund.content }) : NO_SUCH;
  }

  async refundsOf(paymentRef: string) {
    const refunds = await this.#objects.list<SimulatedRefund>({ kind: 'refund', ownerRef: paymentRef, sinceMs: 0 });
    return answered(refunds.map(({ ref, content }) => ({ ref, ...content })));
  }

  async getDispute(ref: string) {
    const dispute = await this.#objects.find<SimulatedDispute>('dispute', ref);
    if (!dispute) return NO_SUCH;
    const { status, movements } = dispute.content;
    const isWon = status === 'closed' && movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0) === 0;
    return answered({ ref, ...dispute.content, isWon });
  }

  async listEvents(sinceMs: number): Promise<ProviderReply<readonly ProviderEvent[]>> {
    const events = await this.#objects.list<SimulatedEvent>({ kind: 'event', ownerRef: 'event', sinceMs });
    return answered(events.map(({ ref, content }) => ({ ...content, eventId: ref, ref: content.ref })));
  }

  async readWebhook(delivery: { readonly body: string; readonly signature: string | null; readonly nowMs: number }) {
    if (!isSigned(delivery, this.#webhookSecret)) return null;
    const event = eventSchema.safeParse(parsedJson(delivery.body));
    return event.success ? event.data : null;
  }

  // What the browser does at a provider.

  /** Gives a card to a payment or set-up. Null: there is no such secret. */
  async confirm(given: SimulatedConfirm): Promise<SimulatedAnswer | null> {
    const intent = await this.#bySecret(given.clientSecret);
    if (!intent) return null;
    const { status } = intent.content;
    if (status === 'succeeded' || status === 'canceled') return answerOf(intent.content);
    const { number, expiryMonth, expiryYear } = given;
    if (brandOf(number) === null) return { status: 'failed', message: 'Only the test cards are taken here.' };
    const cardRef = `sim_card_${randomBytes(9).toString('hex')}`;
    const card: SimulatedMethod = { kind: 'card', customerRef: null, number, expiryMonth, expiryYear, isSetUp: false };
    await this.#objects.add({ ref: cardRef, content: card, atMs: this.#clock.nowMs() });
    const use = intent.content.kind === 'setup' ? 'setup' : 'on_session';
    const next = charged({ ...intent.content, cardRef }, card, use);
    const moved = await this.#move(intent, next);
    return moved ? answerOf(moved.content) : await this.confirm(given);
  }

  /** Answers the bank. A payment that failed for want of authentication (nobody was there) is asked about anew. */
  async authenticate(given: {
    readonly clientSecret: string;
    readonly isConfirmed: boolean;
  }): Promise<SimulatedAnswer | null> {
    const intent = await this.#bySecret(given.clientSecret);
    if (!intent) return null;
    const { status, error } = intent.content;
    const isAsking = status === 'requires_action' || (status === 'failed' && error?.code === 'authentication_required');
    if (!isAsking) return answerOf(intent.content);
    const moved = await this.#move(
      intent,
      given.isConfirmed ? { status: 'succeeded', error: null } : { status: 'failed', error: NOT_AUTHENTICATED },
    );
    return moved ? answerOf(moved.content) : await this.authenticate(given);
  }

  /** How reports travel from now on, for a while. */
  async deliver(mode: DeliveryMode): Promise<void> {
    await setDeliveries(this.#objects, { mode, nowMs: this.#clock.nowMs() });
  }

  // What banks do.

  async failRefund(ref: string): Promise<void> {
    const refund = await this.#objects.find<SimulatedRefund>('refund', ref);
    if (!refund) throw new Error(`No refund ${ref}`);
    await this.#objects.change({ ...refund, content: { ...refund.content, status: 'given_back' } });
    await this.#tell({ type: 'refund.failed', subject: 'refund', ref });
  }

  /** Opens a dispute, and takes the money unless it is an inquiry. Resolves to its id. */
  async openDispute(paymentRef: string, { isInquiry = false } = {}): Promise<string> {
    const intent = await this.#objects.find<SimulatedIntent>('payment', paymentRef);
    if (!intent) throw new Error(`No payment ${paymentRef}`);
    const ref = `sim_dis_${hash(paymentRef)}`;
    const { currency, amountMinor } = intent.content;
    const movements = isInquiry ? [] : [{ ref: `${ref}_out`, amountMinor: -amountMinor }];
    const status = isInquiry ? 'inquiry' : 'open';
    const content: SimulatedDispute = { kind: 'dispute', paymentRef, currency, amountMinor, status, movements };
    await this.#objects.add({ ref, content, atMs: this.#clock.nowMs() });
    await this.#tell({ type: 'charge.dispute.created', subject: 'dispute', ref });
    if (!isInquiry) await this.#tell({ type: 'charge.dispute.funds_withdrawn', subject: 'dispute', ref });
    return ref;
  }

  /** Decided: `returnedMinor` comes back (all: won, 0: lost). */
  async closeDispute(ref: string, { returnedMinor }: { readonly returnedMinor: number }): Promise<void> {
    const dispute = await this.#objects.find<SimulatedDispute>('dispute', ref);
    if (!dispute) throw new Error(`No dispute ${ref}`);
    const back = returnedMinor > 0 ? [{ ref: `${ref}_in`, amountMinor: returnedMinor }] : [];
    const movements = [...dispute.content.movements, ...back];
    await this.#objects.change({ ...dispute, content: { ...dispute.content, status: 'closed', movements } });
    await this.#tell({ type: 'charge.dispute.closed', subject: 'dispute', ref });
  }

  /** The same id with other content is a mistake; it changes nothing. */
  async #replay(known: Intent, asked: SimulatedIntent): Promise<ProviderReply<ProviderPayment>> {
    const { amountMinor, currency, customerRef } = known.content;
    const isSame =
      amountMinor === asked.amountMinor && currency === asked.currency && customerRef === asked.customerRef;
    return isSame ? answered(await this.#paymentOf(known)) : { ...NO_SUCH, cause: 'idempotency key used before' };
  }

  async #add(prefix: string, intent: SimulatedIntent): Promise<ProviderReply<ProviderPayment>> {
    return await this.getPayment(await this.#insert(prefix, intent));
  }

  /** Resolves to its id. One that is there already stays as it is. */
  async #insert(prefix: string, intent: SimulatedIntent): Promise<string> {
    const ref = refOf(prefix, intent);
    const content = { ...intent, clientSecret: `${ref}_secret_${randomBytes(18).toString('hex')}` };
    const isNew = await this.#objects.add({ ref, content, atMs: this.#clock.nowMs() });
    if (isNew) await this.#tellIntent(ref, content);
    return ref;
  }

  /** Null when somebody else moved it meanwhile. */
  async #move(intent: Intent, change: Partial<SimulatedIntent>): Promise<Intent | null> {
    const content = { ...intent.content, ...change };
    const saved = content.status === 'succeeded' && content.keepsCard ? await this.#savedCard(content) : [];
    if (!(await this.#objects.change({ ...intent, content }, ...saved))) return null;
    await this.#tellIntent(intent.ref, content);
    return { ...intent, content };
  }

  async #savedCard({ cardRef, customerRef }: SimulatedIntent): Promise<readonly Stored<SimulatedMethod>[]> {
    const card = await this.#objects.find<SimulatedMethod>('card', cardRef ?? '');
    return card ? [{ ...card, content: { ...card.content, customerRef, isSetUp: true } }] : [];
  }

  async #tellIntent(ref: string, intent: SimulatedIntent): Promise<void> {
    await this.#tell({ type: EVENT_TYPES[intent.kind][intent.status], subject: intent.kind, ref });
    if (intent.kind !== 'payment' || intent.status !== 'succeeded') return;
    const card = await this.#objects.find<SimulatedMethod>('card', intent.cardRef ?? '');
    if (card && isDisputedCard(card.content)) await this.openDispute(ref);
  }

  async #tell(event: { readonly type: string; readonly subject: EventSubject; readonly ref: string }): Promise<void> {
    const createdAtMs = this.#clock.nowMs();
    const eventId = `sim_evt_${randomBytes(9).toString('hex')}`;
    const content: SimulatedEvent = { kind: 'event', ...event, createdAtMs };
    await this.#objects.add({ ref: eventId, content, atMs: createdAtMs });
    this.#webhooks.send({ ...event, eventId, createdAtMs }, await deliveryMode(this.#objects, createdAtMs));
  }

  async #bySecret(clientSecret: string): Promise<Intent | null> {
    const [, ref, kind] = /^(sim_(pay|set)_[0-9a-f]+)_secret_/.exec(clientSecret) ?? [];
    if (!ref) return null;
    const intent = await this.#objects.find<SimulatedIntent>(kind === 'set' ? 'setup' : 'payment', ref);
    return intent?.content.clientSecret === clientSecret ? intent : null;
  }

  async #paymentOf({ ref, content }: Intent): Promise<ProviderPayment> {
    const card = await this.#objects.find<SimulatedMethod>('card', content.cardRef ?? '');
    const { paymentId, accountId, customerRef, currency, amountMinor, status, error, cardRef, clientSecret } = content;
    return {
      ref,
      paymentId,
      accountId,
      customerRef,
      currency,
      amountMinor,
      receivedMinor: status === 'succeeded' ? amountMinor : 0,
      status,
      failure: error && failureOf(error),
      cardRef,
      card: card && cardOf(card.content),
      clientSecret,
    };
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
