import { openPostgresStore } from './postgres/open-postgres-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';
import type { Store } from './store.ts';

/** Where the data is, as configured. */
export interface StoreAddress {
  /** DATABASE_URL: PostgreSQL, for any number of servers. null: the data file. */
  readonly databaseUrl: string | null;
  /** DATA_FILE: SQLite, for one server. */
  readonly dataFile: string;
}

/** The one place that knows which store is meant. Rejects with one sentence that names place and cause, and no password. */
export function openStore({ databaseUrl, dataFile }: StoreAddress): Promise<Store> {
  return databaseUrl === null ? openSqliteStore({ path: dataFile }) : openPostgresStore({ url: databaseUrl });
}
