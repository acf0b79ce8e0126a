import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLedger } from '../../../server/ledger/check-ledger.ts';
import { describeDifference } from '../../../server/ledger/ledger-audit.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ACCOUNT, creditOf, holdOf, settleOf, WALLET } from '../../support/ledger-operations.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { createPostgresHome } from '../../support/postgres-home.ts';

const HOMES = { SQLite: createSqliteHome, PostgreSQL: () => createPostgresHome() };
const OTHER = 'other-\u{1F4DE}';

describe.each(Object.entries(HOMES))('ledger check beside a working server, on %s', (_, createHome) => {
  let home: Awaited<ReturnType<typeof createHome>>;
  let store: Store;

  beforeEach(async () => {
    home = await createHome();
    store = await home.open();
    for (const accountId of [ACCOUNT, OTHER]) {
      await store.openWallet({ accountId, walletId: WALLET, currency: 'USD' });
      // Ids beyond U+FFFF: the order of the two tables must be the one that is compared by.
      const ids = Array.from({ length: 400 }, (__, index) => `${index % 2 ? '\u{1F4DE}' : '\uFFFD'}${index}`);
      await store.applyBatch(ids.map((operationId) => creditOf(10, { operationId, accountId })));
      await store.applyBatch([
        holdOf(100, { operationId: 'hold', accountId }),
        settleOf(40, { operationId: 'settle', holdId: 'hold', accountId }),
        holdOf(5, { operationId: 'open', accountId }),
      ]);
    }
  });
  afterEach(async () => {
    await store.close();
    await home.remove();
  });

  test('sees one moment: operations that are applied while it reads are no differences', async () => {
    const writes: Promise<unknown>[] = [];
    const other = await home.open();
    const write = () => {
      const operationId = `late-${writes.length}`;
      writes.push(other.applyBatch([creditOf(3, { operationId }), creditOf(4, { operationId, accountId: OTHER })]));
    };
    const report = await checkLedger(store, { onProgress: write });
    await Promise.all(writes);
    await other.close();
    expect(writes.length).toBeGreaterThan(4);
    expect(report.differences.map(describeDifference)).toEqual([]);
    // Between the first word of progress and its end there was more to see for whoever reads on and on.
    const after = await checkLedger(store);
    expect(after.entries).toBe(report.entries + 4 * writes.length);
    expect(after.differenceCount).toBe(0);
  });

  test('of one account reads nothing of others', async () => {
    const [all, one, none] = [
      await checkLedger(store),
      await checkLedger(store, { accountId: OTHER }),
      await checkLedger(store, { accountId: 'nobody' }),
    ];
    expect(all).toMatchObject({ wallets: 2, operations: 806, entries: 1_604, holds: 4, differenceCount: 0 });
    expect(one).toMatchObject({ wallets: 1, operations: 403, entries: 802, holds: 2, differenceCount: 0 });
    expect(none).toMatchObject({ wallets: 0, operations: 0, entries: 0, holds: 0, differenceCount: 0 });
  });
});
