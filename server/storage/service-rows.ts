/** Rows of metered services: whatever costs besides calls and numbers. */

/**
 * One thing that was asked for: a message, pages of a fax, minutes of a transcription, an extra of a call. A statement joins it with the
 * entry of the ledger whose kind is `serviceEntryKind(kind)` and whose reference is `chargeId`; there is none when it cost no credit.
 */
export interface ServiceChargeRow {
  readonly accountId: string;
  /** Made by the host; that of an extra which an edge reported is `<call id>.<kind>`, which no host can make. */
  readonly chargeId: string;
  readonly officeId: string;
  readonly walletId: string;
  /** For whom, as the host names them; null when it was nobody in particular. */
  readonly personId: string | null;
  readonly personName: string | null;
  /** The call that it is an extra of (F-07). */
  readonly callId: string | null;
  /** "sms", "fax", "transcription" ..., as the policy names it. */
  readonly kind: string;
  /** What is counted: segment, page, minute, second, event. */
  readonly unit: string;
  /** E.164 or short number that it went to; null where there is none. */
  readonly number: string | null;
  /** Of the rate: "Germany, mobile", "Transcription". */
  readonly destination: string;
  /** authorize | one_step | asked | call: who asked, and how. */
  readonly origin: string;
  /** credit | invoice | free */
  readonly paidBy: string;
  /** authorized | settled | released | expired */
  readonly status: string;
  readonly authorizedUnits: number;
  /** What was used; 0 until it is settled. */
  readonly units: number;
  readonly currency: string;
  /** JSON of the Rate that was agreed; its "seconds" are units. */
  readonly rate: string;
  readonly heldMicros: number;
  /** What it cost: with `paidBy` credit to the micro what the ledger took, with invoice what goes on the invoice. */
  readonly costMicros: number;
  /** What the units would have cost beyond that, where the credit ended. */
  readonly shortMicros: number;
  readonly createdAtMs: number;
  /** Whatever is not settled by then is given back. */
  readonly expiresAtMs: number;
  readonly endedAtMs: number | null;
  /**
   * When the server must look at it: to give it back, or, once it is settled by invoice, to write it there. Null when nothing is left to
   * do.
   */
  readonly dueAtMs: number | null;
  readonly version: number;
  /** The line of the invoice that it is part of (invoice_task); null for all that is not on one. */
  readonly invoiceTaskId: string | null;
}

export interface ServiceTables {
  readonly service_charge: ServiceChargeRow;
}
