/**
 * Who moves money between a card and the operator. Two implementations, stripe-provider.ts and simulated-provider.ts, one contract test
 * suite for both (test/server/payments/provider-contract.ts). Amounts are in the currency's smallest unit, as providers count.
 *
 * Nothing here throws because of the provider: a provider that did not answer is `unknown`, which is not the same as "no".
 */
import type { Card, PaymentFailure, PaymentSettings } from '../../src/protocol/payment.ts';

export type ProviderReply<Value> =
  | { readonly outcome: 'answered'; readonly value: Value }
  /** The provider decided: nothing was done and nothing will be. */
  | { readonly outcome: 'refused'; readonly failure: PaymentFailure; readonly cause: string }
  /** Perhaps it was done: time-out, lost connection, an error of theirs, too many requests. */
  | { readonly outcome: 'unknown'; readonly cause: string };

export type ProviderStatus = 'card_needed' | 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';

/** The state of a payment at the provider, now. */
export interface ProviderPayment {
  /** The provider's own id. */
  readonly ref: string;
  /** Ours, as we gave them; null when this payment does not come from us. */
  readonly paymentId: string | null;
  readonly accountId: string | null;
  readonly customerRef: string | null;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly amountMinor: number;
  readonly receivedMinor: number;
  readonly status: ProviderStatus;
  /** Of the last attempt, when it failed. */
  readonly failure: PaymentFailure | null;
  readonly cardRef: string | null;
  readonly card: Card | null;
  /** For the browser only; never stored or logged. */
  readonly clientSecret: string | null;
}

/** A card being saved without a payment. */
export interface ProviderSetup {
  readonly ref: string;
  readonly paymentId: string | null;
  readonly accountId: string | null;
  readonly customerRef: string | null;
  readonly status: ProviderStatus;
  readonly failure: PaymentFailure | null;
  readonly cardRef: string | null;
  readonly card: Card | null;
  readonly clientSecret: string | null;
}

export interface PaymentRequest {
  readonly paymentId: string;
  readonly accountId: string;
  readonly customerRef: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly method: /** The browser gives the card. */
    | { readonly kind: 'new_card'; readonly keepsCard: boolean }
    /** Somebody sits in front of the screen and can confirm at the bank. */
    | { readonly kind: 'saved_card'; readonly cardRef: string }
    /** Nobody is there (auto-recharge). */
    | { readonly kind: 'off_session'; readonly cardRef: string };
  /** Stands on the statement of the card in place of what credit says. */
  readonly purpose?: 'card_check';
}

/** Behind the operator's name on the statement; card networks leave room for some ten letters. */
export const CARD_CHECK_SUFFIX = 'CARD CHECK';

export interface ProviderRefund {
  readonly ref: string;
  readonly paymentRef: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** given_back: it failed or was canceled, so the money is ours again. */
  readonly status: 'taken' | 'given_back';
}

export interface ProviderDispute {
  readonly ref: string;
  readonly paymentRef: string;
  readonly currency: string;
  /** open: freezes the office. closed: decided, either way. inquiry: a question, no money moves. */
  readonly status: 'open' | 'closed' | 'inquiry';
  /** Closed, and the bank decided against its customer. The money comes back after that word, sometimes in a report of its own. */
  readonly isWon: boolean;
  /** Money that moved because of it: negative was taken, positive came back. */
  readonly movements: readonly { readonly ref: string; readonly amountMinor: number }[];
}

/** What a report is about; the current state of that thing is asked for, so the order of reports does not matter. */
export const EVENT_SUBJECTS = ['payment', 'setup', 'refund', 'refunded_payment', 'dispute', 'card', 'other'] as const;
export type EventSubject = (typeof EVENT_SUBJECTS)[number];

export interface ProviderEvent {
  readonly eventId: string;
  readonly type: string;
  readonly subject: EventSubject;
  readonly ref: string;
  readonly createdAtMs: number;
}

export type ProviderClient = NonNullable<PaymentSettings['provider']>;

export interface PaymentProvider {
  readonly kind: ProviderClient['kind'];
  /** What the browser needs; public. */
  readonly client: ProviderClient;
  /** Resolves to the customer's id; repeatable, one customer a key. */
  ensureCustomer(customer: {
    readonly key: string;
    readonly accountId: string;
    readonly name: string;
  }): Promise<ProviderReply<string>>;
  /** Repeatable by paymentId: the same request again is the same payment, for at least REPLAY_MS. */
  createPayment(request: PaymentRequest): Promise<ProviderReply<ProviderPayment>>;
  getPayment(ref: string): Promise<ProviderReply<ProviderPayment>>;
  /** By our id, for a payment whose reply was lost; null when there is none. */
  findPayment(search: {
    readonly accountId: string;
    readonly customerRef: string;
    readonly paymentId: string;
    readonly sinceMs: number;
  }): Promise<ProviderReply<ProviderPayment | null>>;
  /** The state after trying: a payment that succeeded stays so. */
  cancelPayment(ref: string): Promise<ProviderReply<ProviderPayment>>;
  startCardSetup(setup: {
    readonly setupId: string;
    readonly accountId: string;
    readonly customerRef: string;
  }): Promise<ProviderReply<ProviderSetup>>;
  getCardSetup(ref: string): Promise<ProviderReply<ProviderSetup>>;
  /** Null when the card is gone (detached), or has another owner. */
  getCard(card: { readonly cardRef: string; readonly customerRef: string }): Promise<ProviderReply<Card | null>>;
  /** Forgets a card; one that is not there is forgotten already. */
  forgetCard(cardRef: string): Promise<ProviderReply<null>>;
  /** For operators. Repeatable by refundId. */
  refund(request: {
    readonly refundId: string;
    readonly paymentRef: string;
    readonly amountMinor: number;
  }): Promise<ProviderReply<ProviderRefund>>;
  getRefund(ref: string): Promise<ProviderReply<ProviderRefund>>;
  refundsOf(paymentRef: string): Promise<ProviderReply<readonly ProviderRefund[]>>;
  getDispute(ref: string): Promise<ProviderReply<ProviderDispute>>;
  /** All events since then that concern us, oldest first; for those whose delivery was lost. */
  listEvents(sinceMs: number): Promise<ProviderReply<readonly ProviderEvent[]>>;
  /** Null when it is not a genuine, fresh report of this provider in this mode. */
  readWebhook(delivery: WebhookDelivery): Promise<ProviderEvent | null>;
}

export interface WebhookDelivery {
  /** Byte for byte as it came. */
  readonly body: string;
  readonly signature: string | null;
  readonly nowMs: number;
}

/** How long the same request surely is the same payment at the provider: Stripe forgets keys after 24 h at the earliest. */
export const REPLAY_MS = 20 * 60 * 60_000;
/** A signature may be so old, or so far in the future (two clocks). */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

export function answered<Value>(value: Value): ProviderReply<Value> {
  return { outcome: 'answered', value };
}
