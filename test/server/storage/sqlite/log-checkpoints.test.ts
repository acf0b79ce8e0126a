import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LogCheckpoints, type LogState, passiveCheckpoint } from '../../../../server/storage/sqlite/log-checkpoints.ts';
import { setPragmas } from '../../../../server/storage/sqlite/sqlite-pragmas.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

const PAGE_BYTES = 4_096;
/** Pages that each commit of these tests writes at least. */
const PAGES_A_COMMIT = 50;
const WAIT = { timeout: 15_000, interval: 5 };

let home: SqliteHome;
let writer: DatabaseSync;
let checkpoints: LogCheckpoints;
const moveRest = vi.fn<() => LogState>();

beforeEach(async () => {
  home = await createSqliteHome();
  writer = new DatabaseSync(home.path);
  setPragmas(writer, 'writer');
  setPragmas(writer, 'synced_apart');
  writer.exec('CREATE TABLE filler(number INTEGER PRIMARY KEY, bytes BLOB)');
  moveRest.mockReset().mockImplementation(passiveCheckpoint(writer));
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

test('the thread moves the log into the data file while commits go on', async () => {
  for (let number = 0; number < 300; number += 1) commit(number);
  await vi.waitUntil(() => pagesInFile() >= 200 * PAGES_A_COMMIT, WAIT);
  expect(writer.prepare('SELECT count(*) AS count FROM filler').get()).toEqual({ count: 300 });
});

test('the log begins anew after each move instead of growing, however long commits go on', async () => {
  for (let move = 1; move <= 4; move += 1) {
    for (let number = 0; number < 250; number += 1) commit(move * 1_000 + number);
    await vi.waitUntil(() => moveRest.mock.calls.length >= move, WAIT);
  }
  expect(pagesInLog()).toBeLessThan(500 * PAGES_A_COMMIT);
  expect(writer.prepare('SELECT count(*) AS count, sum(length(bytes)) AS bytes FROM filler').get()).toEqual({
    count: 1_000,
    bytes: 1_000 * PAGES_A_COMMIT * PAGE_BYTES,
  });
});

test('few commits need no thread', async () => {
  commit(0);
  await checkpoints.close();
  expect(pagesInFile()).toBeLessThan(PAGES_A_COMMIT);
});

test('after close the thread has let go of the file: whoever closes last removes the log', async () => {
  for (let number = 0; number < 300; number += 1) commit(number);
  await checkpoints.close();
  writer.close();
  expect(existsSync(`${home.path}-wal`)).toBe(false);
  const reader = new DatabaseSync(home.path, { readOnly: true });
  expect(reader.prepare('SELECT count(*) AS count FROM filler').get()).toEqual({ count: 300 });
  reader.close();
  writer.open();
});

test('a thread that cannot do its work disturbs no commit, and is not asked again', async () => {
  const lost = new LogCheckpoints({ path: `${home.folder}/nowhere/data.db`, moveRest });
  for (let count = 0; count < 1_000; count += 1) {
    lost.committed();
    await new Promise(setImmediate);
  }
  await lost.close();
  expect(moveRest).not.toHaveBeenCalled();
});
