/**
 * The storage port. One implementation a folder (sqlite/, later postgres/), one contract test suite for all of them
 * (test/server/storage/store-contract.ts).
 */
import type { Kysely } from 'kysely';
import type { Operation, OperationResult } from '../ledger/operation.ts';
import type { RowWrite } from './rows.ts';
import type { Database } from './schema.ts';
import type { StoreNews } from './store-news.ts';

export interface Store {
  /** What it is and where, for logs and complaints: "PostgreSQL at db.example.com:5432/phone". Never a password. */
  readonly place: string;
  /**
   * Batches of one process that may be under way. Where it is more than one, each is decided before the next one is looked at, in the
   * order of the calls, and only their way to the disk overlaps.
   */
  readonly batchesAtOnce: number;
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
  /**
   * Takes or keeps a piece of periodic work, by the store's own clock: true for one holder at a time. Who does not ask again within
   * `forMs` (0 gives it back) has lost it to the next who asks, so work goes on when its server dies. A hint that saves work, not a
   * lock that guards money: what is done under it must be safe to be done twice.
   */
  claim(claim: Claim): Promise<boolean>;
  /** Words between the processes that share this store. */
  readonly news: StoreNews;
  /** Resolves when the store can commit; throws with the cause otherwise (/readyz). */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface Claim {
  /** What is claimed, e.g. "calls/3". */
  readonly name: string;
  /** One process; made at its start. */
  readonly holder: string;
  readonly forMs: number;
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
