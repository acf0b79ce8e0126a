/** What an error of the SDK means: "no", or "nobody knows". Sources: docs.stripe.com/error-handling, docs.stripe.com/error-low-level. */
import Stripe from 'stripe';
import type { PaymentFailure } from '../../src/protocol/payment.ts';
import { failureOf } from './decline.ts';
import { answered, type ProviderReply } from './payment-provider.ts';

const OUR_MISTAKE: PaymentFailure = { kind: 'provider_unavailable', retry: 'later' };

/** Runs one request. `onCardError` sees the declined object, which is an answer and not an error. */
export async function replyOf<Value>(
  request: () => Promise<Value>,
  onCardError?: (error: Stripe.errors.StripeCardError) => Value | null,
): Promise<ProviderReply<Value>> {
  try {
    return answered(await request());
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) {
      const declined = onCardError?.(error) ?? null;
      return declined === null
        ? { outcome: 'refused', failure: failureOfError(error), cause: causeOf(error) }
        : answered(declined);
    }
    if (isUndecided(error)) return { outcome: 'unknown', cause: causeOf(error) };
    if (error instanceof Stripe.errors.StripeError) {
      return { outcome: 'refused', failure: OUR_MISTAKE, cause: causeOf(error) };
    }
    throw error;
  }
}

export function failureOfError(error: {
  readonly code?: string | null;
  readonly decline_code?: string | null;
  readonly advice_code?: string | null;
}): PaymentFailure {
  return failureOf({
    code: error.code ?? null,
    declineCode: error.decline_code ?? null,
    adviceCode: error.advice_code ?? null,
  });
}

/** Stripe may have done it: the answer was lost, or was an error of theirs, or another request with the same key still runs. */
function isUndecided(error: unknown): boolean {
  if (error instanceof Stripe.errors.StripeConnectionError) return true;
  if (error instanceof Stripe.errors.StripeAPIError) return true;
  if (error instanceof Stripe.errors.StripeRateLimitError) return true;
  // A key that we changed or lost is ours to correct; nothing was refused to the person who pays.
  if (error instanceof Stripe.errors.StripeAuthenticationError) return true;
  if (error instanceof Stripe.errors.StripePermissionError) return true;
  return error instanceof Stripe.errors.StripeError && (error.statusCode === 409 || (error.statusCode ?? 0) >= 500);
}

/** For the log: kind, code and request id. Their message may repeat what was sent, so it stays out. */
function causeOf(error: Stripe.errors.StripeError | unknown): string {
  if (!(error instanceof Stripe.errors.StripeError)) return String(error);
  const { type, code, statusCode, requestId } = error;
  return [type, code, statusCode, requestId].filter((part) => part !== undefined && part !== null).join(' ');
}
