/**
 * A process that adds credit on a data file until it is told to end, one operation after the other: what a backup has beside it.
 *
 *   node test/support/store-writer-child.ts DATA_FILE     prints the id of each operation that was acknowledged
 */
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { ACCOUNT, creditOf, WALLET } from './ledger-operations.ts';

/** An orphan must not go on for ever. */
const MAX_OPERATIONS = 200_000;

const [path = ''] = process.argv.slice(2);
let isEnding = false;
process.once('SIGTERM', () => {
  isEnding = true;
});
const store = await openSqliteStore({ path });
await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
for (let index = 0; index < MAX_OPERATIONS && !isEnding; index += 1) {
  const operationId = `written-${String(index).padStart(6, '0')}`;
  const [result] = await store.applyBatch([creditOf(1, { operationId })]);
  if (result?.applied) process.stdout.write(`${operationId}\n`);
  // Lets the signal in.
  await new Promise(setImmediate);
}
await store.close();
