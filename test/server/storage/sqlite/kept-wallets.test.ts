import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeptWallets } from '../../../../server/storage/sqlite/kept-wallets.ts';
import type { Store } from '../../../../server/storage/store.ts';
import { micros } from '../../../../src/protocol/money.ts';
import { ACCOUNT, chargeOf, creditOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

let home: SqliteHome;
let store: Store;
beforeEach(async () => {
  home = await createSqliteHome();
  store = await home.open();
  await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
});
afterEach(async () => {
  await store.close();
  await home.remove();
});

const balanceAfter = async (operation: Parameters<Store['applyBatch']>[0][number]) => {
  const [result] = await store.applyBatch([operation]);
  return result?.wallet?.balanceMicros;
};

describe('wallets that are kept between batches', () => {
  test('another process that writes is seen by the next batch: neither its money nor ours is lost', async () => {
    expect(await balanceAfter(creditOf(100, { operationId: 'ours-1' }))).toBe(100);
    const other = await home.open();
    await other.applyBatch([creditOf(1_000, { operationId: 'theirs' })]);
    await other.close();
    expect(await balanceAfter(creditOf(10, { operationId: 'ours-2' }))).toBe(1_110);
    expect(await balanceAfter(chargeOf(1_110, { operationId: 'ours-3' }))).toBe(0);
  });

  test('two processes in turn: each sees the balance, the version and the chain that the other left', async () => {
    const other = await home.open();
    for (let round = 0; round < 20; round += 1) {
      const [ours] = await store.applyBatch([creditOf(1, { operationId: `ours-${round}` })]);
      const [theirs] = await other.applyBatch([creditOf(1, { operationId: `theirs-${round}` })]);
      expect([ours, theirs]).toMatchObject([
        { wallet: { balanceMicros: 2 * round + 1, version: 2 * round + 1 } },
        { wallet: { balanceMicros: 2 * round + 2, version: 2 * round + 2 } },
      ]);
    }
    const entries = await other.db
      .selectFrom('entry')
      .select(['sequence'])
      .where('ledgerAccount', '=', 'wallet')
      .orderBy('sequence')
      .execute();
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    await other.close();
  });

  test('what a failed batch had done to a wallet is forgotten', async () => {
    expect(await balanceAfter(creditOf(100, { operationId: 'c' }))).toBe(100);
    const bug = { ...creditOf(7, { operationId: 'bug' }), reference: Symbol('no text') as unknown as string };
    await expect(store.applyBatch([creditOf(50, { operationId: 'undone' }), bug])).rejects.toThrow();
    expect(await balanceAfter(creditOf(1, { operationId: 'after' }))).toBe(101);
  });
});

describe('the memory itself', () => {
  const wallet = { state: { balanceMicros: micros(1), heldMicros: micros(0), version: 1 }, entryCount: 1, link: 'ab' };

  test('holds a bounded number of wallets, those that were written last', () => {
    const database = new DatabaseSync(':memory:');
    const kept = new KeptWallets(database);
    kept.begin();
    for (let number = 0; number < 20_001; number += 1) kept.keep(`wallet-${number}`, wallet);
    kept.keep('wallet-1', wallet);
    kept.keep('one more', wallet);
    expect(['wallet-0', 'wallet-1', 'wallet-2', 'wallet-3'].map((key) => kept.get(key))).toEqual([
      undefined,
      wallet,
      undefined,
      wallet,
    ]);
    kept.forget();
    expect(kept.get('wallet-3')).toBeUndefined();
    database.close();
  });
});
