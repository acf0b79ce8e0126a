/** A store as an older version has left it: every migration before one, and rows of that time. Opening it applies the rest. */
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from '../../server/storage/migrations/migrations.ts';
import type { Store } from '../../server/storage/store.ts';
import { createSqliteHome } from './ledger-sqlite-home.ts';
import { createPostgresHome } from './postgres-home.ts';

export interface StoreBeforeOptions {
  /** The name of the first migration that is missing. */
  readonly migration: string;
  /** Fills the tables of that time; the same words for both stores. */
  readonly insert: string;
  /** Gets the store that is up to date, and closes it. */
  readonly expectations: (store: Store) => Promise<void>;
}

export async function openSqliteBefore({ migration, insert, expectations }: StoreBeforeOptions): Promise<void> {
  const home = await createSqliteHome();
  const database = new DatabaseSync(home.path);
  database.exec(
    'CREATE TABLE schema_migration(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
  );
  for (const [index, { name, sqlite }] of migrationsBefore(migration).entries()) {
    database.exec(sqlite);
    database.prepare("INSERT INTO schema_migration VALUES(?, ?, 'then')").run(index + 1, name);
  }
  database.exec(insert);
  database.close();
  await expectations(await home.open());
  await home.remove();
}

export async function openPostgresBefore({ migration, insert, expectations }: StoreBeforeOptions): Promise<void> {
  const home = await createPostgresHome({ isEmpty: true });
  await home.query(`CREATE TABLE schema_migration(
    version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  for (const [index, { name, postgres }] of migrationsBefore(migration).entries()) {
    await home.query(postgres);
    await home.query('INSERT INTO schema_migration(version, name) VALUES($1, $2)', [index + 1, name]);
  }
  await home.query(insert);
  await expectations(await home.open());
  await home.remove();
}

function migrationsBefore(migration: string): typeof MIGRATIONS {
  const index = MIGRATIONS.findIndex(({ name }) => name === migration);
  if (index === -1) throw new Error(`No migration is called "${migration}".`);
  return MIGRATIONS.slice(0, index);
}
