/** Brings a database's tables up to this version of the software: forward only, all in one transaction or not at all. */
import type { ClientBase } from 'pg';
import { MIGRATIONS, newerTablesSentence } from '../migrations/migrations.ts';
import { LEDGER_FUNCTIONS } from './ledger-schema.ts';
import { ROW_WRITE_FUNCTIONS } from './row-write-functions.ts';

/** Any number, the same in every version: "phone" in ASCII. */
const MIGRATION_LOCK = 0x70_68_6f_6e_65;

/**
 * Safe when several servers start at once: the second one waits for the lock, and finds the work done. Throws an Error whose message
 * continues a sentence about the database.
 */
export async function migratePostgres(client: ClientBase): Promise<void> {
  if ((await schemaVersion(client)) === MIGRATIONS.length) return;
  await client.query('BEGIN');
  try {
    // Others may have much to do before it is our turn.
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migration(
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    await applyFrom(client, await schemaVersion(client));
    await client.query('COMMIT');
  } catch (reason) {
    // The reason is worth more than what may go wrong with a connection that is lost anyway.
    await client.query('ROLLBACK').catch(() => undefined);
    throw reason;
  }
}

async function schemaVersion(client: ClientBase): Promise<number> {
  const table = await client.query<{ isThere: boolean }>(
    `SELECT to_regclass('schema_migration') IS NOT NULL AS "isThere"`,
  );
  if (!table.rows[0]?.isThere) return 0;
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM schema_migration',
  );
  const version = rows[0]?.version ?? 0;
  if (version > MIGRATIONS.length) throw new Error(newerTablesSentence(version));
  return version;
}

async function applyFrom(client: ClientBase, version: number): Promise<void> {
  const waiting = MIGRATIONS.slice(version);
  for (const [index, { name, postgres }] of waiting.entries()) {
    await client.query(postgres);
    await client.query('INSERT INTO schema_migration(version, name) VALUES($1, $2)', [version + index + 1, name]);
  }
  // Functions follow the tables, so they are no steps of their own.
  if (waiting.length > 0) for (const sql of [...ROW_WRITE_FUNCTIONS, ...LEDGER_FUNCTIONS]) await client.query(sql);
}
