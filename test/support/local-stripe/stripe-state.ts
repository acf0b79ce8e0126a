/**
 * What Stripe remembers, for the slice of its API that is used, with the field names of the SDK's types. Written from Stripe's documents
 * alone; shares no code with the simulated provider, so that the contract suite compares two hands.
 */
import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';

export type Metadata = Record<string, string>;
type Behaviour = 'ok' | '3ds' | '3ds_unless_saved' | 'sca' | `${string}/${string}`;

/** docs.stripe.com/testing: at set-up, with its owner there, without. */
const CARDS: Readonly<Record<string, readonly [setup: Behaviour, on: Behaviour, off: Behaviour]>> = {
  '4242424242424242': ['ok', 'ok', 'ok'],
  '5555555555554444': ['ok', 'ok', 'ok'],
  '4000000000000002': [
    'card_declined/generic_decline',
    'card_declined/generic_decline',
    'card_declined/generic_decline',
  ],
  '4000000000009995': [
    'card_declined/insufficient_funds',
    'card_declined/insufficient_funds',
    'card_declined/insufficient_funds',
  ],
  '4000000000000069': ['expired_card/', 'expired_card/', 'expired_card/'],
  '4000000000000127': ['incorrect_cvc/incorrect_cvc', 'incorrect_cvc/incorrect_cvc', 'incorrect_cvc/incorrect_cvc'],
  '4000000000000119': [
    'processing_error/processing_error',
    'processing_error/processing_error',
    'processing_error/processing_error',
  ],
  '4000000000000341': ['ok', 'card_declined/generic_decline', 'card_declined/generic_decline'],
  '4000002500003155': ['3ds', '3ds', '3ds_unless_saved'],
  '4000002760003184': ['3ds', '3ds', 'sca'],
};

export interface LocalError {
  readonly code: string;
  readonly decline_code?: string;
}
export interface LocalIntent {
  readonly id: string;
  readonly object: 'payment_intent' | 'setup_intent';
  readonly created: number;
  readonly livemode: boolean;
  readonly metadata: Metadata;
  readonly client_secret: string;
  readonly setup_future_usage: string | null;
  status: Stripe.PaymentIntent.Status;
  customer: string | null;
  currency: string;
  amount: number;
  amount_received: number;
  payment_method: string | null;
  last_payment_error: LocalError | null;
  last_setup_error: LocalError | null;
}
export interface LocalCard {
  readonly id: string;
  readonly object: 'payment_method';
  readonly type: 'card';
  readonly card: { brand: string; last4: string; exp_month: number; exp_year: number };
  customer: string | null;
  readonly number: string;
  isSaved: boolean;
}
export interface LocalRefund {
  readonly id: string;
  readonly object: 'refund';
  readonly payment_intent: string;
  readonly amount: number;
  readonly currency: string;
  status: string;
}
export interface LocalDispute {
  readonly id: string;
  readonly object: 'dispute';
  readonly payment_intent: string;
  readonly amount: number;
  readonly currency: string;
  status: Stripe.Dispute.Status;
  readonly balance_transactions: { id: string; amount: number; currency: string }[];
}
export interface LocalEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created: number;
  readonly livemode: boolean;
  readonly data: { readonly object: object };
}

/** An answer that is an error of Stripe's. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(String(body.message ?? body.code));
    this.status = status;
    this.body = body;
  }
}

export class StripeState {
  readonly intents = new Map<string, LocalIntent>();
  readonly cards = new Map<string, LocalCard>();
  readonly refunds = new Map<string, LocalRefund>();
  readonly disputes = new Map<string, LocalDispute>();
  readonly events: LocalEvent[] = [];
  readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  createIntent(object: LocalIntent['object'], params: Readonly<Record<string, unknown>>): LocalIntent {
    const id = newId(object === 'payment_intent' ? 'pi' : 'seti');
    const intent: LocalIntent = {
      id,
      object,
      created: this.#seconds(),
      livemode: false,
      metadata: (params.metadata as Metadata | undefined) ?? {},
      client_secret: `${id}_secret_${newId('s')}`,
      setup_future_usage: (params.setup_future_usage as string | undefined) ?? null,
      status: 'requires_payment_method',
      customer: (params.customer as string | undefined) ?? null,
      currency: (params.currency as string | undefined) ?? '',
      amount: Number(params.amount ?? 0),
      amount_received: 0,
      payment_method: null,
      last_payment_error: null,
      last_setup_error: null,
    };
    this.intents.set(id, intent);
    if (params.confirm === 'true') this.#confirmSaved(intent, params);
    return intent;
  }

  intent(id: string): LocalIntent {
    return this.intents.get(id) ?? missing(`No such intent: '${id}'`);
  }

  /** What Stripe.js does with a card form. */
  giveCard(clientSecret: string, number: string): LocalIntent {
    const intent = this.#bySecret(clientSecret);
    const card: LocalCard = {
      id: newId('pm'),
      object: 'payment_method',
      type: 'card',
      card: {
        brand: number.startsWith('5') ? 'mastercard' : 'visa',
        last4: number.slice(-4),
        exp_month: 12,
        exp_year: 2030,
      },
      customer: null,
      number,
      isSaved: false,
    };
    this.cards.set(card.id, card);
    intent.payment_method = card.id;
    this.#try(intent, CARDS[number]?.[intent.object === 'setup_intent' ? 0 : 1] ?? 'incorrect_number/');
    return intent;
  }

  /** What the bank's window does. */
  authenticate(clientSecret: string, isConfirmed: boolean): void {
    const intent = this.#bySecret(clientSecret);
    if (isConfirmed) this.#succeed(intent);
    else this.#fail(intent, { code: 'payment_intent_authentication_failure' });
  }

  cancel(id: string): LocalIntent {
    const intent = this.intent(id);
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      throw new StripeRefusal(400, {
        type: 'invalid_request_error',
        code: 'payment_intent_unexpected_state',
        message: `This PaymentIntent has a status of ${intent.status}`,
      });
    }
    intent.status = 'canceled';
    this.emit('payment_intent.canceled', intent);
    return intent;
  }

  detach(id: string): LocalCard {
    const card = this.cards.get(id) ?? missing(`No such PaymentMethod: '${id}'`);
    card.customer = null;
    this.emit('payment_method.detached', card);
    return card;
  }

  refund(params: Readonly<Record<string, unknown>>): LocalRefund {
    const intent = this.intent(String(params.payment_intent));
    const refund: LocalRefund = {
      id: newId('re'),
      object: 'refund',
      payment_intent: intent.id,
      amount: Number(params.amount ?? intent.amount),
      currency: intent.currency,
      status: 'succeeded',
    };
    this.refunds.set(refund.id, refund);
    this.emit('refund.created', refund);
    this.emit('charge.refunded', { id: newId('ch'), object: 'charge', payment_intent: intent.id });
    return refund;
  }

  failRefund(id: string): void {
    const refund = this.refunds.get(id) ?? missing(`No such refund: '${id}'`);
    refund.status = 'failed';
    this.emit('refund.failed', refund);
  }

  openDispute(intentId: string, { isInquiry = false } = {}): LocalDispute {
    const intent = this.intent(intentId);
    const dispute: LocalDispute = {
      id: newId('du'),
      object: 'dispute',
      payment_intent: intent.id,
      amount: intent.amount,
      currency: intent.currency,
      status: isInquiry ? 'warning_needs_response' : 'needs_response',
      balance_transactions: [],
    };
    this.disputes.set(dispute.id, dispute);
    this.emit('charge.dispute.created', dispute);
    if (!isInquiry) this.moveFunds(dispute, -dispute.amount);
    return dispute;
  }

  closeDispute(id: string, returned: number): void {
    const dispute = this.disputes.get(id) ?? missing(`No such dispute: '${id}'`);
    dispute.status = returned === dispute.amount ? 'won' : 'lost';
    if (returned > 0) this.moveFunds(dispute, returned);
    this.emit('charge.dispute.closed', dispute);
  }

  moveFunds(dispute: LocalDispute, amount: number): void {
    dispute.balance_transactions.push({ id: newId('txn'), amount, currency: dispute.currency });
    this.emit(amount < 0 ? 'charge.dispute.funds_withdrawn' : 'charge.dispute.funds_reinstated', dispute);
  }

  emit(type: string, object: object): LocalEvent {
    const event: LocalEvent = {
      id: newId('evt'),
      object: 'event',
      type,
      created: this.#seconds(),
      livemode: false,
      data: { object: structuredClone(object) },
    };
    this.events.push(event);
    return event;
  }

  #confirmSaved(intent: LocalIntent, params: Readonly<Record<string, unknown>>): void {
    const card = this.cards.get(String(params.payment_method));
    if (!card || card.customer !== intent.customer) {
      this.intents.delete(intent.id);
      throw new StripeRefusal(400, {
        type: 'invalid_request_error',
        code: 'resource_missing',
        message: 'The PaymentMethod does not belong to the Customer',
      });
    }
    intent.payment_method = card.id;
    const [, on, off] = CARDS[card.number] ?? ['ok', 'ok', 'ok'];
    const wished = params.off_session === 'true' ? off : on;
    this.#try(intent, wished === '3ds_unless_saved' ? (card.isSaved ? 'ok' : 'sca') : wished);
    const error = intent.last_payment_error;
    if (error) {
      throw new StripeRefusal(402, { type: 'card_error', message: 'Declined', ...error, payment_intent: intent });
    }
  }

  #try(intent: LocalIntent, behaviour: Behaviour): void {
    if (behaviour === 'ok') this.#succeed(intent);
    else if (behaviour === '3ds') {
      intent.status = 'requires_action';
      this.emit(`${intent.object}.requires_action`, intent);
    } else if (behaviour === 'sca') {
      this.#fail(intent, { code: 'authentication_required', decline_code: 'authentication_required' });
    } else {
      const [code = '', decline_code = ''] = behaviour.split('/');
      this.#fail(intent, { code, decline_code });
    }
  }

  #succeed(intent: LocalIntent): void {
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.last_payment_error = null;
    intent.last_setup_error = null;
    const card = this.cards.get(intent.payment_method ?? '');
    if (card && (intent.object === 'setup_intent' || intent.setup_future_usage !== null)) {
      card.customer = intent.customer;
      card.isSaved = true;
    }
    this.emit(`${intent.object}.succeeded`, intent);
  }

  #fail(intent: LocalIntent, error: LocalError): void {
    intent.status = 'requires_payment_method';
    if (intent.object === 'setup_intent') intent.last_setup_error = error;
    else intent.last_payment_error = error;
    this.emit(intent.object === 'setup_intent' ? 'setup_intent.setup_failed' : 'payment_intent.payment_failed', intent);
  }

  #bySecret(clientSecret: string): LocalIntent {
    const intent = this.intent(clientSecret.split('_secret_')[0] ?? '');
    return intent.client_secret === clientSecret ? intent : missing('No such client secret');
  }

  #seconds(): number {
    return Math.floor(this.nowMs() / 1_000);
  }
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('hex')}`;
}

export function missing(message: string): never {
  throw new StripeRefusal(404, { type: 'invalid_request_error', code: 'resource_missing', message });
}
