import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../../server/storage/sqlite/open-sqlite-store.ts';
import { ThreadedWriter } from '../../../../server/storage/sqlite/threaded-writer.ts';
import { UnavailableError } from '../../../../server/storage/store.ts';
import { ACCOUNT, creditOf, holdOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';
import { describeRows } from '../rows-contract.ts';
import { StoreUnderTest } from '../store-under-test.ts';

const wallet = { accountId: ACCOUNT, walletId: WALLET, currency: 'USD' };

// What is decided is the same code in the thread, and tested without it (sqlite-store.test.ts); how it is written and answered is not.
describe('SQLite store, written by a thread', () => {
  const subject = new StoreUnderTest(async () => {
    const home = await createSqliteHome();
    return { ...home, open: () => openSqliteStore({ path: home.path, isThreaded: true }) };
  });
  beforeEach(subject.setUp);
  afterEach(subject.tearDown);
  describeRows(subject);
});

describe('the thread that writes the data file', () => {
  let home: SqliteHome;
  beforeEach(async () => {
    home = await createSqliteHome();
    await (await home.open()).close();
  });
  afterEach(() => home.remove());

  /** A thread that runs `program` instead of ours. */
  async function threadOf(program: string): Promise<ThreadedWriter> {
    const file = join(home.folder, 'thread.mjs');
    await writeFile(file, `import { parentPort } from 'node:worker_threads';\n${program}`);
    return new ThreadedWriter({ path: home.path }, pathToFileURL(file));
  }

  test('a close waits for all that was asked before it', async () => {
    const store = await openSqliteStore({ path: home.path, isThreaded: true });
    await store.openWallet(wallet);
    const [results] = await Promise.all([
      store.applyBatch([creditOf(1_000, { operationId: 'c' }), holdOf(400, { operationId: 'h' })]),
      store.close(),
    ]);
    expect(results.map(({ applied }) => applied)).toEqual([true, true]);
    const again = await home.open();
    const stored = await again.db.selectFrom('wallet').select(['balanceMicros', 'heldMicros']).executeTakeFirst();
    expect(stored).toEqual({ balanceMicros: 1_000, heldMicros: 400 });
    await again.close();
  });

  test('answers come to those who asked, refused and failed ones among them', async () => {
    const writer = new ThreadedWriter({ path: home.path });
    const answers = await Promise.allSettled([
      writer.openWallet(wallet),
      writer.commit({ rowWrites: [], operations: [{ ...creditOf(1, { operationId: 'c' }), atMs: 'now' as never }] }),
      writer.commit({ rowWrites: [], operations: [holdOf(400, { operationId: 'h' })] }),
      writer.claim({ name: 'work', holder: 'me', forMs: 1_000 }),
    ]);
    expect(answers).toMatchObject([
      { value: 'USD' },
      { reason: { message: expect.stringContaining('cannot store TEXT') } },
      { value: { results: [{ applied: false, refusal: { code: 'insufficient' } }] } },
      { value: true },
    ]);
    await writer.close();
  });

  test('an error that is the world’s fault stays one on its way', async () => {
    const store = await openSqliteStore({ path: home.path, isThreaded: true });
    const other = await threadOf(`
      parentPort.once('message', () => parentPort.postMessage(JSON.stringify(
        { isDone: false, isUnavailable: true, message: 'The disk is full', stack: 'there' })));`);
    const failed = await other.probe().catch((reason: unknown) => reason);
    expect(failed).toBeInstanceOf(UnavailableError);
    expect(failed).toMatchObject({ message: 'The disk is full', stack: 'there' });
    await store.close();
  });

  test.each([
    ['throws', `parentPort.once('message', () => { throw new Error('out of memory'); });`],
    ['ends', `parentPort.once('message', () => process.exit(0));`],
    ['cannot begin', `throw new Error('no file');`],
  ])('when it %s, everybody who waits or asks later is told that the store is unavailable', async (_how, program) => {
    const writer = await threadOf(program);
    const waiting = await Promise.allSettled([writer.probe(), writer.openWallet(wallet)]);
    for (const answer of waiting) expect(answer).toMatchObject({ reason: { code: 'unavailable' } });
    await expect(writer.commit({ rowWrites: [], operations: [] })).rejects.toThrow(/thread .* has ended; restart/);
    await expect(writer.close()).rejects.toBeInstanceOf(UnavailableError);
  });
});
