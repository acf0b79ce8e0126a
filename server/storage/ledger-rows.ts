/**
 * Rows of the ledger, for reading only: whoever wants to change one submits an operation. Written by applyBatch alone.
 * Column names are these names in snake_case.
 */

/** One pot of money in one currency. Always balanceMicros >= heldMicros >= 0; what is available is the difference. */
export interface WalletRow {
  readonly accountId: string;
  readonly walletId: string;
  readonly currency: string;
  readonly balanceMicros: number;
  readonly heldMicros: number;
  /** Counts every change of the wallet. */
  readonly version: number;
  /** How many entries it has: the sequence of the last one. */
  readonly entryCount: number;
  /** Of the last entry; null as long as there is none. */
  readonly link: string | null;
}

/** Money set aside. Kept after it is settled, so that the whole story of a hold is one row: released = total - captured. */
export interface HoldRow {
  readonly accountId: string;
  readonly holdId: string;
  readonly walletId: string;
  /** What it held at most: grows by 'extend', never shrinks. */
  readonly totalMicros: number;
  /** null while the hold is open. */
  readonly capturedMicros: number | null;
  /** JSON array of LimitUse, null when there are none. */
  readonly limits: string | null;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
}

/** Every operation that was applied, with the result that a repeat gets. Append-only. Refusals are not stored. */
export interface OperationRow {
  readonly accountId: string;
  readonly operationId: string;
  /** What was asked, see server/ledger/operation-fingerprint.ts. */
  readonly fingerprint: string;
  readonly heldMicros: number;
  readonly capturedMicros: number;
  readonly shortMicros: number;
  readonly walletBalanceMicros: number;
  readonly walletHeldMicros: number;
  readonly walletVersion: number;
  readonly atMs: number;
}

/** One line of the double-entry book. The lines of an operation sum to zero. Append-only: a correction is a new entry. */
export interface EntryRow {
  readonly accountId: string;
  readonly operationId: string;
  /** 0 is the wallet's side, 1 the other. */
  readonly line: number;
  /** The wallet concerned, on both lines: revenue by wallet can be read from its own lines. */
  readonly walletId: string;
  /** WALLET_LEDGER_ACCOUNT, or the named source or revenue account on the other side. */
  readonly ledgerAccount: string;
  /** Positive into the ledger account, negative out of it. Never 0. */
  readonly amountMicros: number;
  readonly entryKind: string;
  readonly reference: string;
  readonly atMs: number;
  /** The wallet's entries count 1, 2, 3 ... without gaps; the same on both lines. Pages of a statement go by it. */
  readonly sequence: number;
  /** The wallet's balance right after this entry; null on the other side. */
  readonly balanceMicros: number | null;
  /** See server/ledger/entry-link.ts; null on the other side. */
  readonly link: string | null;
}

/** How much of a limit is used now: by open holds, and for 'captured' limits by settled ones too. */
export interface LimitCounterRow {
  readonly accountId: string;
  readonly limitKey: string;
  readonly used: number;
}

export interface LedgerTables {
  readonly wallet: WalletRow;
  readonly hold: HoldRow;
  readonly operation: OperationRow;
  readonly entry: EntryRow;
  readonly limit_counter: LimitCounterRow;
}
