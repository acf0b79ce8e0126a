import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LogCheckpoints } from '../../../../server/storage/sqlite/log-checkpoints.ts';
import { setPragmas } from '../../../../server/storage/sqlite/sqlite-pragmas.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

const PAGE_BYTES = 4_096;
/** Pages that each commit of these tests writes at least. */
const PAGES_A_COMMIT = 50;
const WAIT = { timeout: 15_000, interval: 5 };

let home: SqliteHome;
let writer: DatabaseSync;
let checkpoints: LogCheckpoints;
const moveRest = vi.fn();

beforeEach(async () => {
  home = await createSqliteHome();
  writer = new DatabaseSync(home.path);
  setPragmas(writer, 'writer');
  setPragmas(writer, 'synced_apart');
  writer.exec('CREATE TABLE filler(number INTEGER PRIMARY KEY, bytes BLOB)');
  const rest = writer.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  moveRest.mockReset().mockImplementation(() => rest.get());
  checkpoints = new LogCheckpoints({ path: home.path, moveRest });
});
afterEach(async () => {
  await checkpoints.close();
  writer.close();
  await home.remove();
});

function commit(number: number): void {
  const bytes = new Uint8Array(PAGES_A_COMMIT * PAGE_BYTES).fill(number % 251);
  writer.prepare('INSERT INTO filler VALUES(?, ?)').run(number, bytes);
  checkpoints.committed();
}

const pagesInFile = () => statSync(home.path).size / PAGE_BYTES;
const pagesInLog = () => statSync(`${home.path}-wal`).size / PAGE_BYTES;

test('the log is moved into the data file while commits go on, and the writer makes no checkpoint for it', async () => {
  for (let number = 0; number < 100; number += 1) commit(number);
  await vi.waitUntil(() => pagesInFile() >= 100 * PAGES_A_COMMIT, WAIT);
  expect(moveRest).not.toHaveBeenCalled();
  expect(writer.prepare('SELECT count(*) AS count FROM filler').get()).toEqual({ count: 100 });
});

test('a long log begins anew instead of growing, however long commits go on', async () => {
  for (let number = 0; number < 1_000; number += 1) {
    commit(number);
    // The thread's answer needs a turn of this one.
    if (number % 20 === 0) await new Promise(setImmediate);
  }
  await vi.waitUntil(() => moveRest.mock.calls.length > 0, WAIT);
  commit(1_000);
  expect(pagesInLog()).toBeLessThan(40_000);
  expect(writer.prepare('SELECT count(*) AS count, sum(length(bytes)) AS bytes FROM filler').get()).toEqual({
    count: 1_001,
    bytes: 1_001 * PAGES_A_COMMIT * PAGE_BYTES,
  });
});

test('few commits need no thread', async () => {
  commit(0);
  await checkpoints.close();
  expect(pagesInFile()).toBeLessThan(PAGES_A_COMMIT);
});

test('after close the thread has let go of the file: whoever closes last removes the log', async () => {
  for (let number = 0; number < 100; number += 1) commit(number);
  await checkpoints.close();
  writer.close();
  expect(existsSync(`${home.path}-wal`)).toBe(false);
  const reader = new DatabaseSync(home.path, { readOnly: true });
  expect(reader.prepare('SELECT count(*) AS count FROM filler').get()).toEqual({ count: 100 });
  reader.close();
  writer.open();
});

test('a thread that cannot do its work disturbs no commit, and is not asked again', async () => {
  const lost = new LogCheckpoints({ path: `${home.folder}/nowhere/data.db`, moveRest });
  for (let count = 0; count < 200; count += 1) {
    lost.committed();
    await new Promise(setImmediate);
  }
  await lost.close();
  expect(moveRest).not.toHaveBeenCalled();
});
