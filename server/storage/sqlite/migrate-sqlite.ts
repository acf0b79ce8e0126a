/** Brings a file's tables up to this version of the software: forward only, all in one transaction or not at all. */
import type { DatabaseSync } from 'node:sqlite';
import { sql as firstTables } from './migrations/0001-first-tables.ts';
import { sql as rateDeck } from './migrations/0002-rate-deck.ts';
import { sql as claim } from './migrations/0003-claim.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In order; the version of a file is how many of these it has. Never change or remove one that was released: add the next. */
const MIGRATIONS: readonly Migration[] = [
  { name: 'first tables', sql: firstTables },
  { name: 'rate deck', sql: rateDeck },
  { name: 'claim', sql: claim },
];

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
  if (version > MIGRATIONS.length) {
    throw new Error(
      `was written by a newer version of this software (its tables have version ${version}, known are ${MIGRATIONS.length}): ` +
        'update the server, or restore a backup',
    );
  }
  const record = database.prepare(`INSERT INTO schema_migration VALUES(?, ?, datetime('now'))`);
  MIGRATIONS.slice(version).forEach(({ name, sql }, index) => {
    database.exec(sql);
    record.run(version + index + 1, name);
  });
}
