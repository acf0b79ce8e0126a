import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../../server/storage/sqlite/open-sqlite-store.ts';
import { setPragmas } from '../../../../server/storage/sqlite/sqlite-pragmas.ts';
import { ACCOUNT, creditOf, holdOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

describe('opening the data file', () => {
  let home: SqliteHome;
  beforeEach(async () => {
    home = await createSqliteHome();
  });
  afterEach(() => home.remove());

  const raw = <Result>(use: (database: DatabaseSync) => Result): Result => {
    const database = new DatabaseSync(home.path);
    try {
      return use(database);
    } finally {
      database.close();
    }
  };

  test('makes its folder and its tables, and finds them again', async () => {
    const path = join(home.folder, 'deep', 'down', 'data.db');
    await (await openSqliteStore({ path })).close();
    const store = await openSqliteStore({ path });
    await expect(store.check()).resolves.toBeUndefined();
    await store.close();
  });

  test('the folder cannot be made: says which file and why', async () => {
    const path = join(home.folder, 'file', 'data.db');
    writeFileSync(join(home.folder, 'file'), '');
    await expect(openSqliteStore({ path })).rejects.toThrow(
      /^The data file .*file\/data\.db cannot be used: a file stands where its folder should be$/,
    );
  });

  test('the path is a folder: says that it cannot be opened', async () => {
    mkdirSync(home.path);
    await expect(home.open()).rejects.toThrow(/data\.db cannot be used: it cannot be opened; is there permission/);
  });

  test('a file of something else is not overwritten', async () => {
    writeFileSync(home.path, 'Dear diary, '.repeat(500));
    await expect(home.open()).rejects.toThrow(/is not a database of this software/);
  });

  test('tables of a newer version: says so, and leaves them alone', async () => {
    await (await home.open()).close();
    raw((database) => database.exec(`INSERT INTO schema_migration VALUES(99, 'from the future', '2040-01-01')`));
    await expect(home.open()).rejects.toThrow(
      /newer version of this software \(its tables have version 99, known are \d+\)/,
    );
  });

  test('another process that holds the lock: says so, after having waited', async () => {
    await (await home.open()).close();
    const other = new DatabaseSync(home.path);
    other.exec('BEGIN IMMEDIATE');
    await expect(home.open()).rejects.toThrow(/cannot be used: another process keeps it locked/);
    other.close();
  });

  test('a migration that was done is not done again', async () => {
    const versions = () =>
      raw((database) => database.prepare('SELECT version, applied_at FROM schema_migration').all());
    await (await home.open()).close();
    const first = versions();
    await (await home.open()).close();
    expect(versions()).toEqual(first);
  });

  test('every setting that durability rests on is honoured by the writing connection', async () => {
    await (await home.open()).close();
    const settings = raw((database) => {
      setPragmas(database, 'writer');
      const names = ['journal_mode', 'synchronous', 'foreign_keys', 'wal_autocheckpoint'];
      return names.map((name) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    });
    expect(settings).toEqual(['wal', 2, 1, 10_000]);
  });

  test('a setting that is not honoured stops the start: a database in memory has no write-ahead log', () => {
    const database = new DatabaseSync(':memory:');
    expect(() => setPragmas(database, 'writer')).toThrow('journal_mode was set to WAL but is memory');
    database.close();
  });

  describe('what the file itself forbids, whoever writes to it', () => {
    beforeEach(async () => {
      const store = await home.open();
      await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
      await store.applyBatch([creditOf(1_000, { operationId: 'c' }), holdOf(400, { operationId: 'h' })]);
      await store.close();
    });

    test.each([
      ['UPDATE entry SET amount_micros = 1', /append-only/],
      ['DELETE FROM entry', /append-only/],
      ["UPDATE operation SET fingerprint = ''", /append-only/],
      ['DELETE FROM operation', /append-only/],
      ['UPDATE wallet SET balance_micros = 399', /balance_micros >= held_micros/],
      ['UPDATE wallet SET held_micros = -1', /held_micros >= 0/],
      ['UPDATE hold SET captured_micros = 401, closed_at_ms = 1', /captured_micros BETWEEN/],
      ['UPDATE hold SET captured_micros = 1', /closed_at_ms/],
      ["UPDATE wallet SET balance_micros = 'much'", /cannot store TEXT/],
      ["INSERT INTO entry VALUES('acme', 'nothing', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, 5, 'x')", /FOREIGN KEY/],
      [
        "INSERT INTO entry VALUES('acme', 'c', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, 5, 'x')",
        /UNIQUE.*operation_id/,
      ],
      ["INSERT INTO entry VALUES('acme', 'h', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 1, 5, 'x')", /UNIQUE.*sequence/],
      ["INSERT INTO entry VALUES('acme', 'h', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, 5, NULL)", /link IS NOT NULL/],
      [
        "INSERT INTO entry VALUES('acme', 'h', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, NULL, 'x')",
        /balance_micros IS NULL/,
      ],
      ['UPDATE wallet SET link = NULL', /entry_count = 0/],
    ])('%s', (sql, sentence) => {
      expect(() => raw((database) => database.exec(sql))).toThrow(sentence);
    });
  });
});
