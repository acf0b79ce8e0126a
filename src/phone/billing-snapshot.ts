/** What the billing panel shows, and what may be asked of it. For roles billing and company only. */
import type { Micros } from '../protocol/money.ts';
import type { Card, PaymentFailure, PaymentSettings, SaveAutoRecharge } from '../protocol/payment.ts';
import type { PaymentRefusal } from '../protocol/payment-problem.ts';
import type { Refusal } from '../protocol/problem.ts';

export type BillingRefusal = Refusal | PaymentRefusal;

/** What somebody is about to pay, before anything is charged. */
export interface PaymentPlan {
  readonly amountMicros: Micros;
  readonly payWith: 'saved_card' | 'new_card';
  /** The new card replaces the saved one once it has paid. */
  readonly keepsCard: boolean;
}

/** What the card is given for; null when it is only saved. */
interface CardStep {
  readonly plan: PaymentPlan | null;
  /** For the provider's own code in the browser, and nothing else. */
  readonly clientSecret: string;
  readonly isBusy: boolean;
  /** Why the last attempt with this payment came to nothing. */
  readonly failure: PaymentFailure | null;
  readonly refusal: BillingRefusal | null;
}

/**
 *   none ─► review ─► (card ─► authenticate ─► pending) ─► done
 *                         └──────────┴────────────┴──────► failed ─► review
 */
export type Checkout =
  | { readonly step: 'none' }
  | {
      readonly step: 'review';
      readonly plan: PaymentPlan;
      readonly isBusy: boolean;
      readonly refusal: BillingRefusal | null;
    }
  | ({ readonly step: 'card' } & CardStep)
  | ({ readonly step: 'authenticate' } & CardStep)
  /** The bank works on it; nobody has to do anything. */
  | { readonly step: 'pending'; readonly plan: PaymentPlan | null }
  | { readonly step: 'done'; readonly plan: PaymentPlan | null; readonly card: Card | null }
  | { readonly step: 'failed'; readonly plan: PaymentPlan | null; readonly failure: PaymentFailure | null };

export type BillingSnapshot =
  | { readonly state: 'unopened' | 'loading' }
  /** This server takes no payments: credit comes from the operator, or is play credit. */
  | { readonly state: 'off' }
  | { readonly state: 'failed'; readonly refusal: BillingRefusal }
  | {
      readonly state: 'open';
      readonly settings: PaymentSettings;
      readonly checkout: Checkout;
      readonly isSaving: boolean;
      /** Why auto-recharge was not saved, or the card not removed. */
      readonly refusal: BillingRefusal | null;
    };

/** A card as it is typed into the simulated provider's form. */
export interface TypedCard {
  /** Digits only. */
  readonly number: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly cvc: string;
}

export type BillingWish =
  /** Ask for everything, again too; takes up a payment that a reload has interrupted. */
  | { readonly type: 'open' }
  | { readonly type: 'review'; readonly plan: PaymentPlan }
  | { readonly type: 'pay' }
  | { readonly type: 'change_card' }
  | { readonly type: 'remove_card' }
  | { readonly type: 'give_test_card'; readonly card: TypedCard }
  | { readonly type: 'answer_bank'; readonly isConfirmed: boolean }
  /** The provider's own code (Stripe.js) has done its part: the server asks the provider how it stands. */
  | { readonly type: 'provider_done' }
  /** Cancels what is not decided yet, and closes what is. */
  | { readonly type: 'leave' }
  | { readonly type: 'save_auto_recharge'; readonly settings: SaveAutoRecharge };
