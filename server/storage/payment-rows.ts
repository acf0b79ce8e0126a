/** Rows of payments. Everything that is changed by several hands (a request, a report, a sweep, another server) has a version. */

/** A payment for credit, or a card being saved (kind "card_setup", amount 0). Committed before the provider is asked. */
export interface PaymentRow {
  readonly accountId: string;
  readonly paymentId: string;
  readonly officeId: string;
  readonly walletId: string;
  /** top_up | auto_recharge | card_setup */
  readonly kind: string;
  /** stripe | simulated: whose ids the refs are. */
  readonly provider: string;
  /** card_needed | pending | requires_action | succeeded | failed | canceled */
  readonly status: string;
  readonly amountMicros: number;
  readonly currency: string;
  readonly personId: string | null;
  readonly personName: string | null;
  /** new_card | saved_card | off_session: with the refs below, all that the request to the provider is made of. */
  readonly method: string;
  readonly isCardKept: boolean;
  readonly customerRef: string;
  readonly cardRef: string | null;
  /** JSON of the card that paid. */
  readonly card: string | null;
  /** Of two cards that are being saved, the one with the higher number stays. 0: saves none. */
  readonly cardGeneration: number;
  /** The provider's id; null until a reply was seen. */
  readonly providerRef: string | null;
  readonly failureKind: string | null;
  readonly failureRetry: string | null;
  readonly returnedMicros: number;
  /** True while the bank decides about a dispute. */
  readonly isDisputed: boolean;
  /** What was available when an auto-recharge began. */
  readonly availableMicros: number | null;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** When the sweep looks; null when nothing can change any more without a report. */
  readonly dueAtMs: number | null;
  readonly version: number;
}

/** Who a wallet is at the provider, and its saved card. */
export interface PayerRow {
  readonly accountId: string;
  readonly walletId: string;
  readonly provider: string;
  readonly officeId: string;
  readonly customerRef: string;
  readonly cardRef: string | null;
  /** JSON: brand, last four, expiry. */
  readonly card: string | null;
  /** Which set-up the card came from, and the newest that was begun. */
  readonly cardGeneration: number;
  readonly lastGeneration: number;
  /** The top-up that is under way, or the last one. */
  readonly openPaymentId: string | null;
  readonly version: number;
}

export interface AutoRechargeRow {
  readonly accountId: string;
  readonly walletId: string;
  readonly officeId: string;
  readonly isOn: boolean;
  readonly thresholdMicros: number;
  readonly amountMicros: number;
  readonly monthlyLimitMicros: number;
  readonly consentPersonId: string | null;
  readonly consentByName: string | null;
  readonly consentAtMs: number | null;
  /** In a row. */
  readonly failures: number;
  readonly pause: string | null;
  readonly notBeforeMs: number;
  /** One at a time: set with the payment's row in one write, cleared with its end. */
  readonly inFlightPaymentId: string | null;
  readonly version: number;
}

/** Money that went back to the card: a refund, or one movement of a dispute. Taken from the wallet as far as it goes, the rest is owed. */
export interface PaymentReturnRow {
  readonly accountId: string;
  /** The provider's id of the refund or movement. */
  readonly returnId: string;
  readonly paymentId: string;
  readonly walletId: string;
  /** refund | dispute */
  readonly kind: string;
  readonly amountMicros: number;
  /** taken | given_back */
  readonly status: string;
  readonly atMs: number;
  readonly version: number;
}

/** What a wallet owes for returns of credit that had been spent. */
export interface DebtRow {
  readonly accountId: string;
  readonly walletId: string;
  readonly officeId: string;
  readonly owedMicros: number;
  readonly version: number;
}

/** Reports of a provider, kept before they are answered and until they are done. Of all accounts. */
export interface PaymentEventRow {
  readonly provider: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string;
  readonly ref: string;
  readonly receivedAtMs: number;
  readonly attempts: number;
  /** When it is tried (again); null when it is done, or given up and told to the operator. */
  readonly dueAtMs: number | null;
  readonly doneAtMs: number | null;
  readonly problem: string | null;
}

/** An account whose trial has not ended; without a row there is none. */
export interface TrialRow {
  readonly accountId: string;
  readonly endsAtMs: number;
}

/** What the simulated payment provider remembers. */
export interface SimulatedObjectRow {
  readonly objectId: string;
  readonly kind: string;
  /** What it is looked up by: customer, or payment. */
  readonly ownerRef: string;
  readonly content: string;
  readonly createdAtMs: number;
  readonly version: number;
}

export interface PaymentTables {
  readonly payment: PaymentRow;
  readonly payer: PayerRow;
  readonly auto_recharge: AutoRechargeRow;
  readonly payment_return: PaymentReturnRow;
  readonly debt: DebtRow;
  readonly payment_event: PaymentEventRow;
  readonly trial: TrialRow;
  readonly simulated_object: SimulatedObjectRow;
}
