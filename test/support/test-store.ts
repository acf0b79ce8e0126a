/**
 * The store that the server's tests run on: SQLite, or with CREDIT_PHONE_TEST_STORE=postgres the PostgreSQL of the test run. For tests
 * of what stands on a store and must not see which one it is.
 */
import { fdatasyncSync } from 'node:fs';
import type { SyncFile } from '../../server/storage/sqlite/log-sync.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { createSqliteHome } from './ledger-sqlite-home.ts';

export interface TestStoreHome {
  /** DATABASE_URL or DATA_FILE, for a server process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Opens the same data again after a close. */
  open(): Promise<Store>;
  remove(): Promise<void>;
}

export const IS_POSTGRES = process.env.CREDIT_PHONE_TEST_STORE === 'postgres';

/** What was begun without waiting is done after this: in SQLite in the same turn of the event loop. */
export const STORE_TURN_MS = IS_POSTGRES ? 100 : 0;

export async function createTestStore(): Promise<TestStoreHome> {
  if (IS_POSTGRES) return await createPostgresTestStore();
  const home = await createSqliteHome();
  return {
    ...home,
    open: () => openSqliteStore({ path: home.path, syncFile: syncAtOnce }),
    environment: { DATA_FILE: home.path },
  };
}

/** In the same turn of the event loop, so that tests which move a clock need not wait for a disk. */
const syncAtOnce: SyncFile = (file, done) => {
  fdatasyncSync(file);
  done(null);
};

export async function createPostgresTestStore(): Promise<TestStoreHome> {
  // It needs Vitest around it; what is on SQLite alone also runs without.
  const { createPostgresHome } = await import('./postgres-home.ts');
  const home = await createPostgresHome();
  return { ...home, environment: { DATABASE_URL: home.url } };
}
