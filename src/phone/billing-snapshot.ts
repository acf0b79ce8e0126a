/** What the billing panel shows, and what may be asked of it. For roles billing and company only. */
import type { Balance } from '../protocol/account.ts';
import type { CardCheck } from '../protocol/card-check.ts';
import type { Invoice } from '../protocol/invoice.ts';
import type { Micros } from '../protocol/money.ts';
import type { OfficeName } from '../protocol/office.ts';
import type { OfficeRefusal } from '../protocol/office-problem.ts';
import type { Card, Payment, PaymentFailure, PaymentSettings, SaveAutoRecharge } from '../protocol/payment.ts';
import type { Refusal } from '../protocol/problem.ts';

export type BillingRefusal = Refusal | OfficeRefusal;

/** Auto-recharge as it is filled in beside something else that is confirmed; it is on once that is done. */
export type WantedRecharge = Pick<SaveAutoRecharge, 'thresholdMicros' | 'amountMicros' | 'monthlyLimitMicros'>;

/** What somebody is about to pay, before anything is charged. */
export interface PaymentPlan {
  readonly amountMicros: Micros;
  /** invoice: on account, no card is charged (D-15). */
  readonly payWith: 'saved_card' | 'new_card' | 'invoice';
  /** The new card replaces the saved one once it has paid. */
  readonly keepsCard: boolean;
  /** Turned on once this is paid, not before (S-10, D-08, D-09). */
  readonly autoRecharge?: WantedRecharge;
}

/** What the card is given for; null when it is only saved. */
interface CardStep {
  readonly plan: PaymentPlan | null;
  /** For the provider's own code in the browser, and nothing else. */
  readonly clientSecret: string;
  readonly isBusy: boolean;
  /** Why the last attempt with this payment came to nothing. */
  readonly failure: PaymentFailure | null;
  /** The bank asks about the small charge of a card check. */
  readonly isCheck?: boolean;
  readonly refusal: BillingRefusal | null;
}

/**
 *   none ─► (confirm_card) ─► review ─► (card ─► authenticate ─► pending) ─► done
 *                                           └──────────┴────────────┴──────► failed ─► review
 */
export type Checkout =
  | { readonly step: 'none' }
  | {
      readonly step: 'review';
      readonly plan: PaymentPlan;
      readonly isBusy: boolean;
      readonly refusal: BillingRefusal | null;
    }
  | CardConfirmationStep
  | ({ readonly step: 'card' } & CardStep)
  | ({ readonly step: 'authenticate' } & CardStep)
  /** The bank works on it; nobody has to do anything. */
  | { readonly step: 'pending'; readonly plan: PaymentPlan | null }
  | {
      readonly step: 'done';
      readonly plan: PaymentPlan | null;
      readonly card: Card | null;
      /** What came of turning on auto-recharge along with it; left out while that is not known, or nobody wanted it. */
      readonly autoRecharge?: 'on' | BillingRefusal;
    }
  | { readonly step: 'failed'; readonly plan: PaymentPlan | null; readonly failure: PaymentFailure | null };

/** A small charge whose amount somebody reads from the card's statement, before the card may pay (D-22 to D-24). */
export interface CardConfirmationStep {
  readonly step: 'confirm_card';
  /** What is paid afterwards. */
  readonly plan: PaymentPlan;
  /** Null: a card has to be saved first. */
  readonly card: Card | null;
  /** Null: nothing was charged yet. */
  readonly check: CardCheck | null;
  /** The last amount was not the right one. */
  readonly isWrong: boolean;
  readonly isBusy: boolean;
  readonly refusal: BillingRefusal | null;
}

/** What was paid, newest first. */
export type PaymentListSnapshot =
  | { readonly state: 'unopened' | 'loading' }
  | { readonly state: 'failed'; readonly refusal: BillingRefusal }
  | {
      readonly state: 'full';
      readonly payments: readonly Payment[];
      readonly isMoreThere: boolean;
      readonly isLoadingMore: boolean;
      /** Receipts, invoices and credit notes; `reference` tells the payment. */
      readonly papers: readonly Invoice[];
      /** The name of the paper that is being fetched. */
      readonly savingPaper: string | null;
      /** Why no more could be shown, or the paper not be fetched. */
      readonly refusal: BillingRefusal | null;
    };

/** Whose credit the panel shows (D-12, D-13). Calls are always made with the phone's own office. */
export interface OfficesSnapshot {
  /** Nothing to choose from unless there are several. */
  readonly choices: readonly OfficeName[];
  /** Null: the phone's own office, whose balance is the snapshot's. */
  readonly other: (OfficeName & { readonly balance: Balance | null }) | null;
}

export type BillingSnapshot =
  | { readonly state: 'unopened' | 'loading' }
  /** This server takes no payments: credit comes from the operator, or is play credit. */
  | { readonly state: 'off' }
  | { readonly state: 'failed'; readonly refusal: BillingRefusal }
  | {
      readonly state: 'open';
      readonly settings: PaymentSettings;
      readonly checkout: Checkout;
      readonly list: PaymentListSnapshot;
      /** The agent's request for credit that is being answered by adding some. */
      readonly answering: string | null;
      /** The last payment that was seen to succeed. */
      readonly lastPaid: Payment | null;
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

/** An agent's request for credit, and for the credit of which office. */
export interface AskedRequest {
  readonly requestId: string;
  readonly officeId: string;
}

export type BillingWish =
  /** Ask for everything, again too; takes up a payment that a reload has interrupted. */
  | { readonly type: 'open' }
  | { readonly type: 'review'; readonly plan: PaymentPlan }
  | { readonly type: 'pay' }
  /** Send the small charge that confirms the card. */
  | { readonly type: 'charge_check' }
  /** The amount of that charge, as it stands on the statement. */
  | { readonly type: 'guess_check'; readonly amountMicros: Micros }
  | { readonly type: 'change_card' }
  | { readonly type: 'remove_card' }
  | { readonly type: 'give_test_card'; readonly card: TypedCard }
  | { readonly type: 'answer_bank'; readonly isConfirmed: boolean }
  /** The provider's own code (Stripe.js) has done its part: the server asks the provider how it stands. */
  | { readonly type: 'provider_done' }
  /** Cancels what is not decided yet, and closes what is. */
  | { readonly type: 'leave' }
  /** Add credit for this agent's request, to the office of that agent; null: for none any more. */
  | { readonly type: 'answer_request'; readonly asked: AskedRequest | null }
  /** Pay this at once for this request: what is paid with what stood on the button. */
  | { readonly type: 'grant_request'; readonly asked: AskedRequest; readonly plan: PaymentPlan }
  /** Show and manage the credit of this office. */
  | { readonly type: 'choose_office'; readonly officeId: string }
  | { readonly type: 'list_payments' }
  | { readonly type: 'more_payments' }
  /** A receipt, invoice or credit note, by its name. */
  | { readonly type: 'save_paper'; readonly name: string }
  | { readonly type: 'save_auto_recharge'; readonly settings: SaveAutoRecharge };
