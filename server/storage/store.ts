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
  /** Everything that is not hot: reports, look-ups, lists. One query text for every store. */
  readonly db: Kysely<Database>;
  /** Resolves when the store can commit; throws with the cause otherwise (/readyz). */
  check(): Promise<void>;
  close(): Promise<void>;
}
