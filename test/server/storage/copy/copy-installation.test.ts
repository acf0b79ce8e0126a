import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changedTables, copyInstallation } from '../../../../server/storage/copy/copy-installation.ts';
import type { CopyTarget } from '../../../../server/storage/copy/copy-target.ts';
import {
  type AnyRow,
  INSTALLATION_TABLES,
  type InstallationTable,
  type TableName,
} from '../../../../server/storage/copy/installation-tables.ts';
import { openPostgresCopyTarget } from '../../../../server/storage/copy/postgres-copy-target.ts';
import { openSqliteCopyTarget } from '../../../../server/storage/copy/sqlite-copy-target.ts';
import { tablePages } from '../../../../server/storage/copy/table-pages.ts';
import { openSqliteStore } from '../../../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../../../server/storage/store.ts';
import { writeLedgerCrowd } from '../../../support/ledger-crowd.ts';
import { ACCOUNT, creditOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

const quietly = { onProgress: () => undefined };

describe('copying an installation', () => {
  let here: SqliteHome;
  let there: PostgresHome;
  let store: Store;

  beforeEach(async () => {
    here = await createSqliteHome();
    there = await createPostgresHome();
    store = await here.open();
  });
  afterEach(async () => {
    await store.close();
    await here.remove();
    await there.remove();
  });

  test('carries every value to PostgreSQL and back: texts, large and negative numbers, flags, nothing', async () => {
    await fc.assert(
      fc.asyncProperty(installations(), async (rows) => {
        const [source, back] = [join(here.folder, 'source.sqlite'), join(here.folder, 'back.sqlite')];
        await fill(source, rows);
        await carry(await openSqliteStore({ path: source }), await openPostgresCopyTarget(there.url));
        await (await openSqliteStore({ path: back })).close();
        await carry(await there.open(), openSqliteCopyTarget(back));
        expect(await contentOf(back)).toEqual(await contentOf(source));
        expect((await contentOf(source)).length).toBe(rows.reduce((sum, [, given]) => sum + given.length, 0));
        for (const [table] of rows) await there.query(`TRUNCATE "${table}"`);
        for (const path of [source, back])
          for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);

  test('carries a ledger of thousands of entries in many pages, and its progress goes up to the end', async () => {
    const target = openSqliteCopyTarget(here.path);
    await writeLedgerCrowd(target, { entries: 8_000 });
    await target.commit();
    await target.close();
    const told: string[] = [];
    const copy = await openPostgresCopyTarget(there.url);
    const { isSame, tables } = await copyInstallation({
      source: store,
      target: copy,
      onProgress: ({ step, done, total }) => told.push(`${step} ${done === total ? 'done' : ''}`),
    });
    await copy.close();
    expect({ isSame, entries: tables.find(({ table }) => table === 'entry')?.copy.rows }).toEqual({
      isSame: true,
      entries: 8_000,
    });
    expect(told).toEqual(expect.arrayContaining(['copying ', 'copying done', 'comparing done']));
  });

  test('writes nothing when it breaks off in the middle', async () => {
    await fund(store);
    const target = await openPostgresCopyTarget(there.url);
    const write: CopyTarget['write'] = (table, rows) => {
      return table.name === 'entry' ? Promise.reject(new Error('the cable was pulled')) : target.write(table, rows);
    };
    await expect(copyInstallation({ source: store, target: { ...target, write }, ...quietly })).rejects.toThrow(
      'cable',
    );
    await target.close();
    expect(await there.query('SELECT count(*)::int AS wallets FROM wallet')).toEqual([{ wallets: 0 }]);
  });

  test('finds a row that is lost, one that is more, and one that is changed, and names the wallet', async () => {
    await fund(store);
    const copiedWith = async (spoil: (target: CopyTarget) => CopyTarget['write']) => {
      const target = await openPostgresCopyTarget(there.url);
      const { isSame, tables, wallets } = await copyInstallation({
        source: store,
        target: { ...target, write: spoil(target) },
        ...quietly,
      });
      await target.close();
      return { isSame, wallets, different: tables.filter((one) => !one.isSame).map(({ table }) => table) };
    };
    const withSql =
      (words: string) => (target: CopyTarget) => async (table: InstallationTable, rows: readonly AnyRow[]) => {
        await target.write(table, rows);
        if (table.name === 'wallet') await sql.raw(words).execute(target.db);
      };
    expect((await copiedWith(withSql('SELECT 1'))).isSame).toBe(true);
    expect(await copiedWith(withSql('UPDATE wallet SET balance_micros = balance_micros + 1'))).toMatchObject({
      isSame: false,
      different: ['wallet'],
      wallets: { differenceCount: 1, differences: [expect.stringMatching(/wallet berlin .* 700 .* 701 /)] },
    });
    expect(
      await copiedWith(withSql(`INSERT INTO wallet VALUES('acme', 'more', 'USD', 0, 0, 0, 0, NULL)`)),
    ).toMatchObject({
      isSame: false,
      different: ['wallet'],
    });
    const withLoss = (target: CopyTarget) => (table: InstallationTable, rows: readonly AnyRow[]) =>
      target.write(table, table.name === 'entry' ? rows.slice(1) : rows);
    expect(await copiedWith(withLoss)).toMatchObject({ isSame: false, different: ['entry'] });
  });

  test('notices what is written to the source after its snapshot', async () => {
    await fund(store);
    const target = await openPostgresCopyTarget(there.url);
    const { tables } = await copyInstallation({ source: store, target, ...quietly });
    const changed = () => changedTables(store, { tables, storable: target.storable });
    expect(await changed()).toEqual([]);
    await store.writeRows([{ table: 'rate_deck', mode: 'insert', row: deckOf('d', 'x') }]);
    expect(await changed()).toEqual(['rate_deck']);
    await store.writeRows([{ table: 'rate_deck', mode: 'upsert', row: deckOf('d', 'y') }]);
    await store.applyBatch([creditOf(1, { operationId: 'later' })]);
    expect(await changed()).toEqual(['wallet', 'operation', 'entry', 'rate_deck']);
    await target.close();
  });

  test('a sign that PostgreSQL cannot hold becomes U+FFFD, and is counted', async () => {
    await store.writeRows([{ table: 'rate_deck', mode: 'insert', row: deckOf('d', 'before\0after') }]);
    const target = await openPostgresCopyTarget(there.url);
    const { isSame, mendedRows } = await copyInstallation({ source: store, target, ...quietly });
    await target.commit();
    await target.close();
    expect({ isSame, mendedRows }).toEqual({ isSame: true, mendedRows: 1 });
    expect(await there.query('SELECT content FROM rate_deck')).toEqual([{ content: 'before\uFFFDafter' }]);
  });

  test('refuses an installation with a table that it does not know, on either side', async () => {
    const database = new DatabaseSync(here.path);
    database.exec('CREATE TABLE brand_new(id INTEGER)');
    const target = await openPostgresCopyTarget(there.url);
    await expect(copyInstallation({ source: store, target, ...quietly })).rejects.toThrow(/table "brand_new"/);
    database.exec('DROP TABLE brand_new');
    database.close();
    expect((await copyInstallation({ source: store, target, ...quietly })).isSame).toBe(true);
    await target.close();
  });
});

async function fund(store: Store): Promise<void> {
  await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
  await store.applyBatch([creditOf(700, { operationId: 'credit' })]);
}

const deckOf = (deckId: string, content: string) => ({ deckId, name: '', importedAtMs: 1, rateCount: 1, content });

/** Commits when it is the same. */
async function carry(source: Store, target: CopyTarget): Promise<void> {
  try {
    const report = await copyInstallation({ source, target, ...quietly });
    expect(report.tables.filter(({ isSame }) => !isSame)).toEqual([]);
    expect(report.mendedRows).toBe(0);
    await target.commit();
  } finally {
    await target.close();
    await source.close();
  }
}

type Filling = readonly (readonly [TableName, readonly AnyRow[]])[];

/** Rows of tables without rules of their own, so that any value goes. */
function installations(): fc.Arbitrary<Filling> {
  // Any code point but U+0000; the empty text and a very long one among them.
  const key = fc.string({ unit: 'binary' }).map((words) => words.replaceAll('\0', ''));
  const text = fc.oneof(
    { weight: 9, arbitrary: key },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '\\', "'", '\u{10FFFF}\uFFFF', 'ß'.repeat(300_000), 'NULL', '{"a":[1]}'),
    },
  );
  const integer = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER));
  const orNothing = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
  const account = fc.record({
    accountId: key,
    name: text,
    currency: text,
    timeZone: text,
    profile: text,
    isPhoneEnabled: fc.boolean(),
    supportEmail: text,
  });
  const office = fc.record({
    accountId: key,
    officeId: key,
    name: text,
    country: text,
    timeZone: text,
    walletId: text,
    pausedAtMs: orNothing(integer),
    pausedByName: orNothing(text),
  });
  const deck = fc.record({ deckId: key, name: text, importedAtMs: integer, rateCount: fc.nat(), content: text });
  const rowsOf = (row: fc.Arbitrary<AnyRow>, keys: readonly string[]) =>
    fc.uniqueArray(row, { maxLength: 12, selector: (one) => JSON.stringify(keys.map((key) => one[key])) });
  return fc
    .tuple(rowsOf(account, ['accountId']), rowsOf(office, ['accountId', 'officeId']), rowsOf(deck, ['deckId']))
    .map(([accounts, offices, decks]) => [
      ['account', accounts],
      ['office', offices],
      ['rate_deck', decks],
    ]);
}

async function fill(path: string, rows: Filling): Promise<void> {
  await (await openSqliteStore({ path })).close();
  const target = openSqliteCopyTarget(path);
  try {
    for (const [name, given] of rows) {
      const table = INSTALLATION_TABLES.find((one) => one.name === name);
      if (table !== undefined) await target.write(table, given);
    }
    await target.commit();
  } finally {
    await target.close();
  }
}

async function contentOf(path: string): Promise<readonly (AnyRow & { readonly table: string })[]> {
  const store = await openSqliteStore({ path });
  const rows: (AnyRow & { readonly table: string })[] = [];
  for (const table of INSTALLATION_TABLES) {
    for await (const page of tablePages(store.db, table))
      rows.push(...page.map((row) => ({ table: table.name, ...row })));
  }
  await store.close();
  return rows;
}
