/** Brings a file's tables up to this version of the software: forward only, all in one transaction or not at all. */
import type { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS, newerTablesSentence } from '../migrations/migrations.ts';

/** Safe when several processes start at once: the second one waits for the lock, and finds the work done. */
export function migrateSqlite(database: DatabaseSync): void {
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
