/**
 * What somebody should hear of, beyond the screen: the seam for mail and alarms. Called after the store has committed, at least once for
 * each; `key` is the same for the same thing, so that nobody is told twice.
 */
import type { PaymentRow } from '../storage/rows.ts';

export type PaymentNotice =
  | { readonly kind: 'payment_succeeded' | 'recharge_failed'; readonly key: string; readonly payment: PaymentRow }
  /** The provider reports a payment of a customer of ours that nobody here began, or with another amount, currency or customer. */
  | {
      readonly kind: 'payment_unexplained';
      readonly key: string;
      readonly providerRef: string;
      readonly reason: 'unknown' | 'mismatch';
    }
  | { readonly kind: 'dispute_opened' | 'dispute_closed'; readonly key: string; readonly payment: PaymentRow };

export interface PaymentNotices {
  /** Must not throw and must not wait. */
  notify(notice: PaymentNotice): void;
}

/** Into the log only: unexplained payments are for the operator whatever else listens. */
export function loggedNotices(
  log: (message: string, facts: Readonly<Record<string, unknown>>) => void,
): PaymentNotices {
  return {
    notify: (notice) => {
      if (notice.kind === 'payment_unexplained') {
        log('a payment at the provider is not one of ours; look into it', { ...notice });
      }
    },
  };
}
