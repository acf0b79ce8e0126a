/** The stores on which statements must be the same. */
import { createSqliteHome } from './ledger-sqlite-home.ts';
import { createPostgresTestStore, type TestStoreHome } from './test-store.ts';

export const STATEMENT_STORES: readonly (readonly [string, () => Promise<TestStoreHome>])[] = [
  ['SQLite', async () => ({ environment: {}, ...(await createSqliteHome()) })],
  ['PostgreSQL', createPostgresTestStore],
];
