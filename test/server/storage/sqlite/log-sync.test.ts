import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogSync, type SyncFile } from '../../../../server/storage/sqlite/log-sync.ts';
import { openSqliteStore } from '../../../../server/storage/sqlite/open-sqlite-store.ts';
import { createSqliteKysely } from '../../../../server/storage/sqlite/sqlite-kysely.ts';
import { setPragmas } from '../../../../server/storage/sqlite/sqlite-pragmas.ts';
import { SqliteStore } from '../../../../server/storage/sqlite/sqlite-store.ts';
import { ACCOUNT, creditOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

let home: SqliteHome;
beforeEach(async () => {
  home = await createSqliteHome();
  const store = await home.open();
  await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
  await store.close();
});
afterEach(() => home.remove());

/** A disk that has written when the test says so. */
class HeldDisk {
  readonly #waiting: ((cause: Error | null) => void)[] = [];
  readonly sync: SyncFile = (_file, done) => this.#waiting.push(done);

  get syncs(): number {
    return this.#waiting.length;
  }

  /** The oldest sync that was asked for. */
  answer(cause: Error | null = null): void {
    this.#waiting.shift()?.(cause);
  }
}

function openOn(disk: HeldDisk): SqliteStore {
  const writer = new DatabaseSync(home.path);
  setPragmas(writer, 'writer');
  setPragmas(writer, 'synced_apart');
  const db = createSqliteKysely(new DatabaseSync(home.path, { readOnly: true }));
  return new SqliteStore({ path: home.path, writer, sync: new LogSync(home.path, disk.sync), db });
}

const credit = (operationId: string) => creditOf(1, { operationId });
const turns = async () => {
  for (let count = 0; count < 5; count += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Which of the works were answered by now, with their numbers. */
function answered(works: readonly Promise<unknown>[]): readonly number[] {
  const done: number[] = [];
  works.forEach((work, index) => {
    const note = () => done.push(index);
    work.then(note, note);
  });
  return done;
}

describe('commits that are synced apart', () => {
  let disk: HeldDisk;
  let store: SqliteStore;
  beforeEach(() => {
    disk = new HeldDisk();
    store = openOn(disk);
  });

  test('nobody is answered before the disk has confirmed: operations, rows, wallets and the look at the store', async () => {
    const row = { policyVersion: 1, content: '{}', setAtMs: 1 };
    const works: Promise<unknown>[] = [store.applyBatch([credit('c1')])];
    await turns();
    works.push(
      store.writeRows([{ table: 'policy', mode: 'insert', row }]),
      store.openWallet({ accountId: ACCOUNT, walletId: 'other', currency: 'USD' }),
      store.check(),
    );
    const done = answered(works);
    await turns();
    expect([done, disk.syncs]).toEqual([[], 1]);
    disk.answer();
    await turns();
    // Who came while the first sync ran waits for the next, and all of them for the same one.
    expect([done, disk.syncs]).toEqual([[0], 1]);
    disk.answer();
    await Promise.all(works);
    await store.close();
  });

  test('a batch that changes nothing waits as well: what it repeats may not be on the disk yet', async () => {
    const first = store.applyBatch([credit('c1')]);
    await turns();
    const works = [first, store.applyBatch([credit('c1')])];
    const done = answered(works);
    disk.answer();
    await turns();
    expect(done).toEqual([0]);
    disk.answer();
    expect((await works[1])?.[0]).toMatchObject({ applied: true, isRepeat: true });
    await store.close();
  });

  test('a claim is a hint and waits for no disk', async () => {
    expect(await store.claim({ name: 'calls/0', holder: 'us', forMs: 1_000 })).toBe(true);
    expect(disk.syncs).toBe(0);
    await store.close();
  });

  test('a sync that fails leaves the outcome open, and nothing more is written: not even a sync that would succeed is believed', async () => {
    const first = store.applyBatch([credit('c1')]);
    await turns();
    const outcomes = Promise.allSettled([first, store.applyBatch([credit('c2')])]);
    disk.answer(new Error('EIO: i/o error, fdatasync'));
    await turns();
    disk.answer();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    }
    for (const work of [store.applyBatch([credit('c3')]), store.check(), store.writeRows([])]) {
      await expect(work).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('until the server is started anew'),
      });
    }
    await store.close();
    // A new process reads what is really there, and each id is asked for again.
    const again = await openSqliteStore({ path: home.path });
    const results = await again.applyBatch(['c1', 'c2', 'c3'].map(credit));
    expect(results.map((result) => result.applied)).toEqual([true, true, true]);
    expect(results.at(-1)?.wallet?.balanceMicros).toBe(3);
    await again.close();
  });

  test('what waits for the disk is answered before the file is closed', async () => {
    const works = [store.applyBatch([credit('c1')]), store.close()];
    const done = answered(works);
    await turns();
    expect(done).toEqual([]);
    disk.answer();
    await Promise.all(works);
    expect(done).toEqual([0, 1]);
  });
});

test('a log that somebody has removed under a running server is found at the next commit, not after the next power cut', async () => {
  const store = await home.open();
  await store.applyBatch([credit('c1')]);
  rmSync(`${home.path}-wal`);
  await expect(store.applyBatch([credit('c2')])).rejects.toMatchObject({ code: 'unavailable' });
  await store.close();
});
