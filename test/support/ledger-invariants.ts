/** What must be true of a ledger at every moment, whatever happened to its process. Empty lists mean that it is. */
import { DatabaseSync } from 'node:sqlite';
import { checkLedger } from '../../server/ledger/check-ledger.ts';
import { describeDifference } from '../../server/ledger/ledger-audit.ts';
import type { Operation } from '../../server/ledger/operation.ts';
import type { Store } from '../../server/storage/store.ts';

/** Sentences about everything that does not add up: balances, holds, entries, limits, structure of the file. */
export async function ledgerFaults(
  store: Store,
  { sqlitePath }: { readonly sqlitePath?: string } = {},
): Promise<string[]> {
  const { differences } = await checkLedger(store);
  return [...differences.map(describeDifference), ...(sqlitePath === undefined ? [] : fileFaults(sqlitePath))];
}

/** Acknowledged operations that the store does not know: the one thing that must never be. Returns their ids. */
export async function lostOperations(
  store: Store,
  { accountId, acknowledged }: { readonly accountId: string; readonly acknowledged: ReadonlySet<string> },
): Promise<string[]> {
  const rows = await store.db
    .selectFrom('operation')
    .select('operationId')
    .where('accountId', '=', accountId)
    .execute();
  const stored = new Set(rows.map(({ operationId }) => operationId));
  return [...acknowledged].filter((operationId) => !stored.has(operationId));
}

/**
 * Asks again for operations that were acknowledged: each must be answered as a repeat, or it was lost and is now done twice.
 * Returns the ids of those that were not.
 */
export async function operationsDoneAgain(store: Store, operations: readonly Operation[]): Promise<string[]> {
  const results = await store.applyBatch(operations);
  return operations
    .filter((_, index) => {
      const result = results[index];
      return result === undefined || !result.applied || !result.isRepeat;
    })
    .map(({ operationId }) => operationId);
}

function fileFaults(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const faults = database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row.integrity_check));
    const orphans = database
      .prepare('PRAGMA foreign_key_check')
      .all()
      .map((row) => `an orphan in ${row.table}`);
    return [...faults.filter((fault) => fault !== 'ok'), ...orphans];
  } finally {
    database.close();
  }
}
