/** Brings a file's tables up to this version of the software: forward only, all in one transaction or not at all. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { entryLink, walletLink } from '../../ledger/entry-link.ts';
import { MIGRATIONS, newerTablesSentence } from '../migrations/migrations.ts';

/** Safe when several processes start at once: the second one waits for the lock, and finds the work done. */
export function migrateSqlite(database: DatabaseSync): void {
  addLinkFunctions(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(`CREATE TABLE IF NOT EXISTS schema_migration(
      version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT`);
    applyFrom(database, schemaVersion(database));
    database.exec('COMMIT');
  } catch (cause) {
    // A full disk may have ended the transaction already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

function schemaVersion(database: DatabaseSync): number {
  const row = database.prepare('SELECT coalesce(max(version), 0) AS version FROM schema_migration').get();
  return Number(row?.version);
}

function applyFrom(database: DatabaseSync, version: number): void {
  if (version > MIGRATIONS.length) throw new Error(newerTablesSentence(version));
  const record = database.prepare(`INSERT INTO schema_migration VALUES(?, ?, datetime('now'))`);
  MIGRATIONS.slice(version).forEach(({ name, sqlite }, index) => {
    database.exec(sqlite);
    record.run(version + index + 1, name);
  });
}

/** What 0009-entry-chain.ts asks for; in PostgreSQL they are functions of the database (postgres/entry-link-functions.ts). */
function addLinkFunctions(database: DatabaseSync): void {
  const pure = { deterministic: true, directOnly: true } as const;
  database.function('wallet_link', pure, (accountId, walletId, currency) =>
    walletLink({ accountId: String(accountId), walletId: String(walletId), currency: String(currency) }),
  );
  database.function('entry_link', { ...pure, varargs: true }, (previousLink, ...fields: SQLOutputValue[]) => {
    const [accountId, walletId, sequence, operationId, atMs, entryKind, reference, otherAccount, amount, balance] =
      fields;
    return entryLink(String(previousLink), {
      accountId: String(accountId),
      walletId: String(walletId),
      sequence: Number(sequence),
      operationId: String(operationId),
      atMs: Number(atMs),
      entryKind: String(entryKind),
      reference: String(reference),
      otherAccount: String(otherAccount),
      amountMicros: Number(amount),
      balanceMicros: Number(balance),
    });
  });
}
