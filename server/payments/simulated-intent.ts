/** A payment or card set-up at the simulated provider: how it begins, what a card makes of it, and how it is told. Pure. */
import { createHash } from 'node:crypto';
import type { SimulatedAnswer } from '../../src/protocol/simulated-payment.ts';
import type { PaymentRequest, ProviderStatus } from './payment-provider.ts';
import { answerOfCard, brandOf, type CardUse } from './simulated-bank.ts';
import type { SimulatedIntent, SimulatedMethod } from './simulated-objects.ts';

export const EVENT_TYPES: Readonly<Record<'payment' | 'setup', Readonly<Record<ProviderStatus, string>>>> = {
  payment: {
    card_needed: 'payment_intent.created',
    pending: 'payment_intent.processing',
    requires_action: 'payment_intent.requires_action',
    succeeded: 'payment_intent.succeeded',
    failed: 'payment_intent.payment_failed',
    canceled: 'payment_intent.canceled',
  },
  setup: {
    card_needed: 'setup_intent.created',
    pending: 'setup_intent.processing',
    requires_action: 'setup_intent.requires_action',
    succeeded: 'setup_intent.succeeded',
    failed: 'setup_intent.setup_failed',
    canceled: 'setup_intent.canceled',
  },
};

export function newIntent(
  kind: SimulatedIntent['kind'],
  ours: Pick<PaymentRequest, 'paymentId' | 'accountId' | 'customerRef'>,
): SimulatedIntent {
  return {
    kind,
    paymentId: ours.paymentId,
    accountId: ours.accountId,
    customerRef: ours.customerRef,
    currency: '',
    amountMinor: 0,
    status: 'card_needed',
    error: null,
    cardRef: null,
    keepsCard: false,
    isOffSession: false,
    clientSecret: '',
    isDisputed: false,
  };
}

/** The intent after its card was asked. */
export function charged(intent: SimulatedIntent, card: SimulatedMethod, use: CardUse): SimulatedIntent {
  const answer = answerOfCard(card, use);
  if (answer.outcome === 'declines') return { ...intent, status: 'failed', error: answer.codes };
  return { ...intent, status: answer.outcome === 'asks' ? 'requires_action' : 'succeeded', error: null };
}

export function cardOf({ number, expiryMonth, expiryYear }: SimulatedMethod) {
  return { brand: brandOf(number) ?? 'unknown', last4: number.slice(-4), expiryMonth, expiryYear };
}

export function answerOf({ status, error }: SimulatedIntent): SimulatedAnswer {
  if (status === 'card_needed' || status === 'pending') return { status: 'processing', message: null };
  return {
    status,
    message: status === 'failed' ? `The card did not pay: ${error?.declineCode || error?.code}.` : null,
  };
}

/** Made of our own ids, so that a repeat finds it. */
export function refOf(prefix: string, ours: { readonly accountId: string; readonly paymentId: string }): string {
  return `sim_${prefix}_${hash(JSON.stringify([ours.accountId, ours.paymentId]))}`;
}

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
