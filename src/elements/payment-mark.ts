import type { Payment } from '../protocol/payment.ts';

/** What became of a payment, as one word beside it. */
export type PaymentMark = 'done' | 'coming' | 'unfinished' | 'failed' | 'canceled' | 'refunded' | 'partly_refunded';

export function paymentMark({ status, amountMicros, returnedMicros }: Payment): PaymentMark {
  switch (status) {
    case 'succeeded':
      if (returnedMicros === 0) return 'done';
      return returnedMicros < amountMicros ? 'partly_refunded' : 'refunded';
    case 'pending':
      return 'coming';
    case 'card_needed':
    case 'requires_action':
      return 'unfinished';
    case 'failed':
    case 'canceled':
      return status;
  }
}
