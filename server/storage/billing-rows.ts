/** Rows of what is written to people about money, and of how an account pays. */

/** One mail. Written in the same transaction as what it tells of; its id is made of that, so that nothing is told twice. */
export interface MailRow {
  readonly accountId: string;
  /** Kind and subject: "recharge_failed:<payment id>". */
  readonly mailId: string;
  readonly officeId: string;
  readonly kind: string;
  /** JSON of what the text is made of (server/mail/mail-facts.ts). */
  readonly facts: string;
  /** waiting | sending | split (into one for each reader) | sent | unwanted | failed | unknown */
  readonly state: string;
  readonly attempts: number;
  readonly createdAtMs: number;
  /** When it is tried (again), or when whoever is sending it is taken for dead; null when it is over. */
  readonly dueAtMs: number | null;
  readonly sentAtMs: number | null;
  readonly problem: string | null;
  readonly version: number;
  /** The one address that it goes to; null: to everybody who hears of the office's money, which is settled when it is sent. */
  readonly reader: string | null;
}

/** Where mail about money goes, beside or instead of what tokens say. */
export interface BillingContactRow {
  readonly accountId: string;
  /** "person:dana", from a token; "operator:<address>", from the operator. */
  readonly contactId: string;
  /** Null: about every office of the account. */
  readonly officeId: string | null;
  readonly email: string;
}

/** How an account pays. Without a row: by card, which need not be confirmed. */
export interface BillingTermsRow {
  readonly accountId: string;
  /** True: credit at once, paid by invoice later (REQUIREMENTS D-15). */
  readonly isInvoiced: boolean;
  /** How much may be open at once for more to be added on account. */
  readonly ceilingMicros: number;
  /** Added on account, or used of services that are paid by invoice, and not known to be paid. */
  readonly openMicros: number;
  /** True: a card must be confirmed by a small charge before it pays (D-22). */
  readonly isConfirmationNeeded: boolean;
  /** JSON list of address lines of the buyer, for invoices. */
  readonly buyerLines: string;
  readonly version: number;
}

/** Money that moved and needs a paper. Written with the movement itself; numbered afterwards, when it is due. */
export interface InvoiceTaskRow {
  readonly accountId: string;
  /**
   * What moved the money: "payment:<id>", "return:<id>", "returned:<id>", "credit:<id>", or what was used: "services:<office>:<month>:...".
   */
  readonly taskId: string;
  readonly officeId: string;
  readonly walletId: string;
  /**
   * top_up | auto_recharge | refund | dispute | returned | operator_credit | on_account | service | invoice_paid (a note, without a paper)
   */
  readonly kind: string;
  /** What the customer paid; negative when it went back. */
  readonly amountMicros: number;
  readonly currency: string;
  /** JSON: see server/invoices/invoice-task.ts. */
  readonly facts: string;
  readonly atMs: number;
  /** When the paper is made: at once, or on the next invoice date; null when it is made. */
  readonly dueAtMs: number | null;
  readonly invoiceNumber: number | null;
  readonly version: number;
}

/** Immutable. Numbers of an account begin at 1 and have no gaps. */
export interface InvoiceRow {
  readonly accountId: string;
  readonly invoiceNumber: number;
  readonly officeId: string;
  /** receipt | credit_note | invoice */
  readonly kind: string;
  /** With tax; negative for a credit note. */
  readonly amountMicros: number;
  /** Contained in the amount. */
  readonly taxMicros: number;
  readonly currency: string;
  /** JSON of all that is printed (server/invoices/invoice-content.ts). */
  readonly content: string;
  readonly issuedAtMs: number;
}

/** A small charge by which somebody shows that they see the card's statement. */
export interface CardCheckRow {
  readonly accountId: string;
  readonly checkId: string;
  readonly officeId: string;
  readonly walletId: string;
  readonly provider: string;
  readonly customerRef: string;
  /** The card that is confirmed, and no other. */
  readonly cardRef: string;
  readonly currency: string;
  /** The secret of the whole thing: leaves the server in the charge alone. */
  readonly amountMinor: number;
  /** charging | requires_action | waiting | confirmed | locked | expired | failed */
  readonly status: string;
  readonly triesLeft: number;
  readonly providerRef: string | null;
  readonly isPaid: boolean;
  readonly isRefunded: boolean;
  /** The office's local date, and the how-manieth check it was of that date. */
  readonly day: string;
  readonly numberOfDay: number;
  readonly createdAtMs: number;
  readonly dueAtMs: number | null;
  readonly version: number;
}

export interface BillingTables {
  readonly mail: MailRow;
  readonly billing_contact: BillingContactRow;
  readonly billing_terms: BillingTermsRow;
  readonly invoice_task: InvoiceTaskRow;
  readonly invoice: InvoiceRow;
  readonly card_check: CardCheckRow;
}
