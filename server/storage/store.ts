/**
 * The storage port. One implementation a folder (sqlite/, later postgres/), one contract test suite for all of them
 * (test/server/storage/store-contract.ts).
 */
import type { Kysely } from 'kysely';
import type { Operation, OperationResult } from '../ledger/operation.ts';
import type { RowWrite } from './rows.ts';
import type { Database } from './schema.ts';

export interface Store {
  /**
   * Applies operations in arrival order in one durable transaction, all results decided when it resolves (after COMMIT). Throws
   * only when nothing of the batch was applied.
   */
  applyBatch(operations: readonly Operation[]): Promise<readonly OperationResult[]>;
  /** Writes rows with no money involved, all or none, durable when it resolves; grouped with others that wait. */
  writeRows(writes: readonly RowWrite[]): Promise<{ readonly applied: boolean; readonly conflict: string | null }>;
  /**
   * Makes an empty wallet; does nothing when it is there already. Throws when it is there with another currency: one wallet, one
   * currency, for ever.
   */
  openWallet(wallet: NewWallet): Promise<void>;
  /**
   * Everything that is not hot: reports, look-ups, lists. One query text for every store. For reading only: rows are written by
   * writeRows and alongside operations, money by applyBatch. Sees all that was acknowledged.
   */
  readonly db: Kysely<Database>;
  /** Resolves when the store can commit; throws with the cause otherwise (/readyz). */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface NewWallet {
  readonly accountId: string;
  readonly walletId: string;
  /** ISO 4217, e.g. "USD". */
  readonly currency: string;
}

/**
 * The store cannot do its work now (disk full, locked, closed, queue full). Nothing of what was asked is known to be applied; asking
 * again with the same ids is safe. The message says why, in words for a log; callers answer with the problem code `unavailable`.
 */
export class UnavailableError extends Error {
  readonly code = 'unavailable';
  override readonly name = 'UnavailableError';
}
