/** A provider's codes for a card that did not pay, as what helps. Sources: docs.stripe.com/declines/codes, docs.stripe.com/error-codes. */
import type { PaymentFailure } from '../../src/protocol/payment.ts';

export interface CardErrorCodes {
  /** "card_declined", "expired_card", "incorrect_cvc", ... */
  readonly code: string | null;
  /** The bank's word, finer than `code`. */
  readonly declineCode: string | null;
  /** The network's advice, "do_not_try_again" above all. */
  readonly adviceCode: string | null;
}

/** Lost, stolen, blocked: trying again harms the merchant (Visa category 1, Mastercard advice 03 and 21). */
const NEVER_AGAIN = new Set(['lost_card', 'stolen_card', 'pickup_card', 'fraudulent', 'restricted_card']);

const BY_CODE: Readonly<Record<string, PaymentFailure>> = {
  insufficient_funds: { kind: 'insufficient_funds', retry: 'later' },
  withdrawal_count_limit_exceeded: { kind: 'insufficient_funds', retry: 'later' },
  expired_card: { kind: 'expired', retry: 'new_card' },
  incorrect_cvc: { kind: 'incorrect_cvc', retry: 'new_card' },
  invalid_cvc: { kind: 'incorrect_cvc', retry: 'new_card' },
  incorrect_number: { kind: 'invalid_card', retry: 'new_card' },
  invalid_number: { kind: 'invalid_card', retry: 'new_card' },
  invalid_expiry_month: { kind: 'invalid_card', retry: 'new_card' },
  invalid_expiry_year: { kind: 'invalid_card', retry: 'new_card' },
  authentication_required: { kind: 'authentication_required', retry: 'authenticate' },
  authentication_not_handled: { kind: 'authentication_required', retry: 'authenticate' },
  payment_intent_authentication_failure: { kind: 'authentication_failed', retry: 'authenticate' },
  setup_intent_authentication_failure: { kind: 'authentication_failed', retry: 'authenticate' },
  processing_error: { kind: 'processing', retry: 'later' },
  issuer_not_available: { kind: 'processing', retry: 'later' },
  try_again_later: { kind: 'processing', retry: 'later' },
  reenter_transaction: { kind: 'processing', retry: 'later' },
};

export function failureOf({ code, declineCode, adviceCode }: CardErrorCodes): PaymentFailure {
  if (adviceCode === 'do_not_try_again' || NEVER_AGAIN.has(declineCode ?? '')) {
    return { kind: BY_CODE[code ?? '']?.kind ?? 'declined', retry: 'never' };
  }
  // The bank's word counts more; an expired card has an empty one.
  return BY_CODE[declineCode ?? ''] ?? BY_CODE[code ?? ''] ?? { kind: 'declined', retry: 'new_card' };
}
