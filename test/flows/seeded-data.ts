/** A data file with the demo's account, people, rates and credit, made before any server runs on it. */
import { seedDemo } from '../../demo/host/seed.ts';
import { createLedger } from '../../server/ledger/ledger.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';

export async function seedDataFile(path: string): Promise<void> {
  const store = await openSqliteStore({ path });
  const ledger = createLedger(store);
  await seedDemo({ store, ledger });
  await ledger.close();
  await store.close();
}
