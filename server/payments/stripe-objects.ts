/** Stripe's objects as the port's. */
import type Stripe from 'stripe';
import type { Card } from '../../src/protocol/payment.ts';
import type {
  EventSubject,
  ProviderDispute,
  ProviderEvent,
  ProviderPayment,
  ProviderRefund,
  ProviderSetup,
  ProviderStatus,
} from './payment-provider.ts';
import { failureOfError } from './stripe-reply.ts';

export function paymentOf(intent: Stripe.PaymentIntent): ProviderPayment {
  const error = intent.last_payment_error;
  const method = objectOf(intent.payment_method) ?? error?.payment_method ?? null;
  return {
    ref: intent.id,
    paymentId: intent.metadata.payment_id ?? null,
    accountId: intent.metadata.account_id ?? null,
    customerRef: idOf(intent.customer),
    currency: intent.currency.toUpperCase(),
    amountMinor: intent.amount,
    receivedMinor: intent.amount_received,
    status: statusOf(intent.status, error !== null),
    failure: error === null ? null : failureOfError(error),
    cardRef: idOf(intent.payment_method) ?? method?.id ?? null,
    card: cardOf(method),
    clientSecret: intent.client_secret,
  };
}

export function setupOf(intent: Stripe.SetupIntent): ProviderSetup {
  const error = intent.last_setup_error;
  return {
    ref: intent.id,
    paymentId: intent.metadata?.payment_id ?? null,
    accountId: intent.metadata?.account_id ?? null,
    customerRef: idOf(intent.customer),
    status: statusOf(intent.status, error !== null),
    failure: error === null ? null : failureOfError(error),
    cardRef: idOf(intent.payment_method),
    card: cardOf(objectOf(intent.payment_method)),
    clientSecret: intent.client_secret,
  };
}

/** `requires_payment_method` is both the beginning and what is left after a decline. */
function statusOf(status: Stripe.PaymentIntent.Status | Stripe.SetupIntent.Status, hasError: boolean): ProviderStatus {
  switch (status) {
    case 'requires_payment_method':
      return hasError ? 'failed' : 'card_needed';
    case 'requires_confirmation':
    case 'requires_capture':
    case 'processing':
      return 'pending';
    case 'requires_action':
      return 'requires_action';
    case 'succeeded':
      return 'succeeded';
    case 'canceled':
      return 'canceled';
    default:
      // A status that this version of the API does not have: nobody knows, the sweep asks again.
      return 'pending';
  }
}

export function cardOf(method: Stripe.PaymentMethod | null): Card | null {
  if (!method?.card) return null;
  const { brand, last4, exp_month, exp_year } = method.card;
  return { brand, last4: last4 ?? '0000', expiryMonth: exp_month, expiryYear: exp_year };
}

/** Null for a refund of something that is no payment of ours. */
export function refundOf(refund: Stripe.Refund): ProviderRefund | null {
  const paymentRef = idOf(refund.payment_intent);
  if (paymentRef === null) return null;
  return {
    ref: refund.id,
    paymentRef,
    currency: refund.currency.toUpperCase(),
    amountMinor: refund.amount,
    status: refund.status === 'failed' || refund.status === 'canceled' ? 'given_back' : 'taken',
  };
}

export function disputeOf(dispute: Stripe.Dispute): ProviderDispute | null {
  const paymentRef = idOf(dispute.payment_intent);
  if (paymentRef === null) return null;
  return {
    ref: dispute.id,
    paymentRef,
    currency: dispute.currency.toUpperCase(),
    status: disputeStatus(dispute.status),
    isWon: dispute.status === 'won',
    movements: movementsOf(dispute),
  };
}

function disputeStatus(status: Stripe.Dispute.Status): ProviderDispute['status'] {
  if (status.startsWith('warning_')) return 'inquiry';
  return ['won', 'lost', 'prevented'].includes(status) ? 'closed' : 'open';
}

/**
 * Balance transactions are in the settlement currency. In the payment's own currency a withdrawal is the disputed amount, and what came
 * back is the same share of it as of the withdrawal.
 */
function movementsOf(dispute: Stripe.Dispute): ProviderDispute['movements'] {
  const withdrawn = dispute.balance_transactions.find(({ amount }) => amount < 0);
  return dispute.balance_transactions.map((transaction) => {
    const { id, amount, currency } = transaction;
    if (currency === dispute.currency || withdrawn === undefined) return { ref: id, amountMinor: amount };
    return { ref: id, amountMinor: Math.round((amount * dispute.amount) / -withdrawn.amount) };
  });
}

const SUBJECTS: readonly (readonly [prefix: string, subject: EventSubject])[] = [
  ['payment_intent.', 'payment'],
  ['setup_intent.', 'setup'],
  ['charge.dispute.', 'dispute'],
  ['charge.refund.', 'refund'],
  ['refund.', 'refund'],
  ['payment_method.', 'card'],
];

export function eventOf(event: Stripe.Event): ProviderEvent {
  // Each event type has an object of its own; all that are read here have an id, and a charge its payment.
  const object = event.data.object as {
    readonly id?: string;
    readonly payment_intent?: string | { id: string } | null;
  };
  // Our payments are PaymentIntents: what goes back of a charge without one is other software's on the same account.
  const isForeign = object.payment_intent === null;
  const known = isForeign ? 'other' : (SUBJECTS.find(([prefix]) => event.type.startsWith(prefix))?.[1] ?? 'other');
  const isRefundedCharge = event.type === 'charge.refunded' && !isForeign;
  return {
    eventId: event.id,
    type: event.type,
    subject: isRefundedCharge ? 'refunded_payment' : known,
    ref: (isRefundedCharge ? idOf(object.payment_intent ?? null) : object.id) ?? '',
    createdAtMs: event.created * 1_000,
  };
}

/** Fields are an id, or the object when it was asked to be expanded. */
function idOf(field: string | { readonly id: string } | null | undefined): string | null {
  if (field === null || field === undefined) return null;
  return typeof field === 'string' ? field : field.id;
}

function objectOf<Value extends object>(field: string | Value | null): Value | null {
  return typeof field === 'string' ? null : field;
}
