/** Rows of numbers that are ordered at carriers, and of what numbers of carriers cost our customers. */

export interface NumberOrderRow {
  readonly accountId: string;
  /** The purchase id: what the customer's browser made, and what the carrier keeps as its customer's reference. */
  readonly orderId: string;
  readonly officeId: string;
  readonly walletId: string;
  /** E.164. One order a number is open at a time, whoever it is for: a unique index. */
  readonly number: string;
  /** "telnyx". */
  readonly carrier: string;
  /** The carrier's own id of the order, once it told us. */
  readonly carrierRef: string | null;
  /** held | asking | ordered | bought | failed | abandoned; see server/numbers/order-states.ts. */
  readonly state: string;
  /** JSON: the number as it was offered, so that what was shown is what is charged (server/numbers/number-offer.ts). */
  readonly facts: string;
  readonly currency: string;
  /** Set aside for it, and taken when the carrier delivers. */
  readonly amountMicros: number;
  readonly personId: string;
  readonly personName: string;
  /** How often the carrier was asked for it or about it. */
  readonly attempts: number;
  /** Why it failed or hangs, for the operator. */
  readonly problem: string | null;
  readonly createdAtMs: number;
  /** When the carrier was asked for the number; null before. */
  readonly askedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** When the server must look at it next; null when it is over. */
  readonly dueAtMs: number | null;
  readonly version: number;
  /** The carrier's own id of the number that it delivered, once it was asked for it. */
  readonly numberRef: string | null;
}

/** What numbers of carriers cost our customers. */
export interface NumberPriceRow {
  /** "" is every account that has no price of its own. */
  readonly accountId: string;
  readonly country: string;
  readonly type: string;
  readonly currency: string;
  readonly setupMicros: number;
  readonly monthlyMicros: number;
  readonly inboundPerMinuteMicros: number;
}

/** What a charge for a number was made of, and who bought it: for statements. Written with the charge and never changed. */
export interface NumberPurchaseRow {
  readonly accountId: string;
  /** Of the ledger operation that charged for it. */
  readonly operationId: string;
  readonly officeId: string;
  readonly number: string;
  readonly personId: string;
  readonly personName: string;
  readonly setupMicros: number;
  /** For the days until rent falls due; with the set-up all that was charged. */
  readonly firstMonthMicros: number;
  readonly days: number;
  readonly atMs: number;
}

export interface NumberOrderTables {
  readonly number_order: NumberOrderRow;
  readonly number_price: NumberPriceRow;
  readonly number_purchase: NumberPurchaseRow;
}
