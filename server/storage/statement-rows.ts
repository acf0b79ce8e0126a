/**
 * Rows of the read model of statements: made of the ledger's entries and of what these are for, one wallet after the other, in the order
 * of their sequence. Nothing is known here that could not be made again (server/statements/project-wallet.ts).
 */

/** One entry of a wallet with all that a person reads of it. Texts that are not known are empty. */
export interface StatementLineRow {
  readonly accountId: string;
  readonly walletId: string;
  /** That of the entry. */
  readonly sequence: number;
  readonly atMs: number;
  readonly operationId: string;
  readonly entryKind: string;
  readonly reference: string;
  /** The ledger account on the other side. */
  readonly otherAccount: string;
  readonly amountMicros: number;
  readonly balanceMicros: number;
  /** See server/ledger/entry-link.ts. */
  readonly link: string;
  /** usage | added | returned */
  readonly flow: string;
  readonly groupKey: string;
  readonly officeId: string;
  readonly personId: string;
  readonly personName: string;
  readonly numberUsed: string;
  readonly otherNumber: string;
  readonly destination: string;
  /** 0 where nothing lasted. */
  readonly durationSeconds: number;
  /** JSON list of StatementPart; empty when the amount has one part. */
  readonly parts: string;
  /** All that a search by words looks at, in lower case. */
  readonly searchText: string;
}

/** What the lines of one day add up to, seen from one side: in total, by group, by person ... */
export interface StatementSumRow {
  readonly accountId: string;
  readonly walletId: string;
  /** "2026-11-22", in the account's time zone. */
  readonly day: string;
  /** total | group | person | office | number | destination */
  readonly dimension: string;
  /** Group: "usage:outbound_call.international". */
  readonly value: string;
  /** The newest name of `value`, for people. */
  readonly label: string;
  /** Rows of another epoch than the wallet's mark count for nothing. */
  readonly epoch: number;
  readonly lineCount: number;
  readonly durationSeconds: number;
  readonly spentMicros: number;
  readonly addedMicros: number;
  /** The same of usage alone. */
  readonly usageCount: number;
  readonly usageSeconds: number;
  readonly usageMicros: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** How far the lines and sums of a wallet are: everything up to `sequence`, nothing behind it. */
export interface StatementMarkRow {
  readonly accountId: string;
  readonly walletId: string;
  readonly sequence: number;
  /** Counts how often it was begun from the first entry. */
  readonly epoch: number;
  /** Whose days the sums are of. */
  readonly timeZone: string;
  readonly version: number;
}

export interface StatementTables {
  readonly statement_line: StatementLineRow;
  readonly statement_sum: StatementSumRow;
  readonly statement_mark: StatementMarkRow;
}
