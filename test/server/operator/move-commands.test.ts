import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../server/storage/open-store.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import { ACCOUNT, creditOf, holdOf, WALLET } from '../../support/ledger-operations.ts';
import { createPostgresHome, type PostgresHome } from '../../support/postgres-home.ts';
import { runOperator } from '../../support/run-operator.ts';

let folder = '';
let dataFile = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-move-'));
  dataFile = join(folder, 'data.sqlite');
  const store = await openStore({ databaseUrl: null, dataFile });
  await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
  await store.applyBatch([creditOf(12_500_000, { operationId: 'credit' }), holdOf(500_000, { operationId: 'hold' })]);
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

const onDataFile = (...words: string[]) => runOperator({ DATA_FILE: dataFile }, words);

describe('operator backup', () => {
  test('says that the copy is complete and its books add up', async () => {
    const to = join(folder, 'backup.sqlite');
    expect(await onDataFile('backup', to)).toEqual({
      lines: ['1 wallets, 2 entries, 1 holds: 0 differences', `${to} is complete and checked.`],
      exitCode: 0,
    });
    await expect(onDataFile('backup', to)).rejects.toThrow('is there already; a backup never overwrites anything.');
  });

  test('keeps no backup whose books are wrong, and says which wallet', async () => {
    tamper(dataFile, 'UPDATE wallet SET balance_micros = balance_micros + 1');
    const to = join(folder, 'backup.sqlite');
    await expect(onDataFile('backup', to)).rejects.toThrow('run "ledger check"');
    expect(existsSync(to)).toBe(false);
  });

  test('tells who keeps the data in PostgreSQL what to use instead', async () => {
    const words = runOperator({ DATABASE_URL: 'postgres://u:hidden@host/db' }, ['backup', join(folder, 'b.sqlite')]);
    await expect(words).rejects.toThrow(/^The data is in PostgreSQL .*pg_dump/);
  });
});

describe('operator copy', () => {
  let home: PostgresHome;
  beforeEach(async () => {
    home = await createPostgresHome();
  });
  afterEach(() => home.remove());

  const toPostgres = (...more: string[]) =>
    runOperator({ TARGET: home.url }, ['copy', '--from', `sqlite:${dataFile}`, '--to', 'env:TARGET', ...more]);
  const walletsThere = () => home.query('SELECT balance_micros::int AS balance, held_micros::int AS held FROM wallet');

  test('moves an installation to PostgreSQL and back, and says what it compared', async () => {
    const { lines, exitCode } = await toPostgres();
    expect(exitCode).toBe(0);
    expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual(
      expect.arrayContaining([
        'wallet 1 1 same',
        'entry 2 2 same',
        'balances 12.50 USD, held 0.50 USD',
        '1 wallets compared one by one: 0 differences',
        '1 wallets, 2 entries, 1 holds: 0 differences',
        expect.stringMatching(/^PostgreSQL at .* holds all of it, checked row by row\.$/),
      ]),
    );
    expect(await walletsThere()).toEqual([{ balance: 12_500_000, held: 500_000 }]);

    const back = join(folder, 'back.sqlite');
    const returned = await runOperator({}, ['copy', '--from', `postgres:${home.url}`, '--to', `sqlite:${back}`]);
    expect(returned.exitCode).toBe(0);
    const store = await openStore({ databaseUrl: null, dataFile: back });
    expect(await ledgerFaults(store, { sqlitePath: back })).toEqual([]);
    // What was done before is still known: the same credit again adds nothing.
    const [repeat] = await store.applyBatch([creditOf(12_500_000, { operationId: 'credit' })]);
    expect(repeat).toMatchObject({ applied: true, isRepeat: true });
    await store.close();
  });

  test('goes into an empty place only, and says what it found', async () => {
    expect((await toPostgres()).exitCode).toBe(0);
    await expect(toPostgres()).rejects.toThrow(
      /is not empty; there are rows already: 1 in wallet, 1 in hold, 2 in operation, 2 in entry\./,
    );
    const here = runOperator({}, ['copy', '--from', `sqlite:${dataFile}`, '--to', `sqlite:${dataFile}`]);
    await expect(here).rejects.toThrow('--from and --to are the same place.');
  });

  test('a rehearsal keeps nothing', async () => {
    const { lines, exitCode } = await toPostgres('--rehearse');
    expect([exitCode, lines.at(-1)]).toEqual([
      0,
      expect.stringMatching(/^It would work\. .* is as empty as before\.$/),
    ]);
    expect(await walletsThere()).toEqual([]);
  });

  test('books that do not add up are not moved', async () => {
    tamper(dataFile, 'UPDATE wallet SET balance_micros = balance_micros + 1');
    const { lines, exitCode } = await toPostgres();
    expect(exitCode).toBe(1);
    expect(lines).toContainEqual(expect.stringContaining('sum to 12500000, its balance is 12500001'));
    expect(lines.at(-1)).toMatch(/^The books do not add up.* is as empty as before\.$/);
    expect(await walletsThere()).toEqual([]);
  });

  test('a book that was rewritten is not moved, though every sum is right', async () => {
    tamper(dataFile, "DROP TRIGGER entry_is_never_updated; UPDATE entry SET reference = 'rewritten'");
    const { lines, exitCode } = await toPostgres();
    expect(exitCode).toBe(1);
    expect(lines).toContainEqual(
      expect.stringMatching(/the chain of wallet .* breaks at entry 1 .*: its link should be/),
    );
    expect(lines.at(-1)).toMatch(/^The books do not add up.* is as empty as before\.$/);
    expect(await walletsThere()).toEqual([]);
  });

  test('refuses while a server works on the source or the target; a rehearsal of the source does not mind', async () => {
    tamper(dataFile, `INSERT INTO claim VALUES('calls/0', 'server-1', ${Date.now() + 3_600_000})`);
    await expect(toPostgres()).rejects.toThrow(/^A server works on the source, SQLite file .* Stop all its servers/);
    expect((await toPostgres('--rehearse')).exitCode).toBe(0);
    tamper(dataFile, 'DELETE FROM claim');
    const store = await home.open();
    await store.claim({ name: 'calls/0', holder: 'server-2', forMs: 3_600_000 });
    await store.close();
    await expect(toPostgres()).rejects.toThrow(/^A server works on the target, PostgreSQL at /);
  });

  test('complaints name place and cause, and never the password', async () => {
    const from = ['copy', '--from', `sqlite:${dataFile}`, '--to'];
    const closed = runOperator({}, [...from, 'postgres://phone:topsecret@127.0.0.1:1/phone']);
    await expect(closed).rejects.toThrow(/PostgreSQL at 127\.0\.0\.1:1\/phone is unavailable: .*connection refused/);
    const all = await Promise.allSettled([
      closed,
      runOperator({}, [...from, 'postgres://phone:top/secret@host/phone']),
      runOperator({}, [...from, 'mysql://phone:topsecret@host/phone']),
      runOperator({ T: 'topsecret' }, [...from, 'env:T']),
      runOperator({}, [...from, 'env:T']),
      runOperator({}, ['copy', '--from', `sqlite:${join(folder, 'none')}`, '--to', `sqlite:${dataFile}`]),
    ]);
    const words = all.map((result) => (result.status === 'rejected' ? String(result.reason.message) : 'accepted'));
    expect(words.filter((sentence) => sentence.includes('secret'))).toEqual([]);
    expect(words.slice(1).filter((sentence) => !/^--(from|to)/.test(sentence))).toEqual([]);
  });

  test('a half-written source file is named', async () => {
    const broken = join(folder, 'broken.sqlite');
    writeFileSync(broken, 'not a database '.repeat(100));
    const words = runOperator({}, ['copy', '--from', `sqlite:${broken}`, '--to', home.url]);
    await expect(words).rejects.toThrow('broken.sqlite is not a database of this software');
  });
});

/** What only a broken disk or a person with the file in hand can do. */
function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
