/** Row writes by several servers at the same moment on a real PostgreSQL. */
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repeatLostRaces } from '../../../../server/storage/postgres/lost-races.ts';
import { postgresText, rowWritesJson } from '../../../../server/storage/postgres/row-write-functions.ts';
import type { RowWrite } from '../../../../server/storage/rows.ts';
import type { Store } from '../../../../server/storage/store.ts';
import { callRowOf, numberOwnerRowOf } from '../../../support/ledger-operations.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

const ACCOUNT = {
  accountId: 'acme',
  name: 'Acme',
  currency: 'USD',
  timeZone: 'UTC',
  profile: 'default',
  isPhoneEnabled: true,
  supportEmail: '',
};

let home: PostgresHome;
let stores: readonly [Store, Store];
beforeEach(async () => {
  home = await createPostgresHome();
  stores = [await home.open(), await home.open()];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await home.remove();
});

const accountWrites = (ids: readonly string[], name: string): RowWrite[] =>
  ids.map((accountId) => ({ table: 'account', mode: 'upsert', row: { ...ACCOUNT, accountId, name } }));

test('who loses a deadlock goes again, and writes all of its rows', { timeout: 60_000 }, async () => {
  await stores[0].writeRows(accountWrites(['a', 'b'], 'before'));
  const other = new pg.Client({ connectionString: home.url });
  await other.connect();
  // It is in no hurry to find the deadlock, so the store's transaction is the one that finds it, and is ended.
  await other.query(`SET deadlock_timeout = '10min'`);
  await other.query('BEGIN');
  await other.query(`UPDATE account SET name = 'other' WHERE account_id = 'b'`);
  const written = stores[0].writeRows(accountWrites(['a', 'b'], 'store'));
  await expect.poll(() => home.query('SELECT 1 FROM pg_locks WHERE NOT granted')).not.toEqual([]);
  await other.query(`UPDATE account SET name = 'other' WHERE account_id = 'a'`);
  await other.query('COMMIT');
  await other.end();
  expect(await written).toEqual({ applied: true, conflict: null });
  expect(await home.query('SELECT account_id, name FROM account ORDER BY 1')).toEqual([
    { account_id: 'a', name: 'store' },
    { account_id: 'b', name: 'store' },
  ]);
});

test('of two servers that claim the same numbers each number has one owner, and both are told who', async () => {
  const numbers = Array.from({ length: 200 }, (_, index) => `+4930${index}`);
  const claims = stores.map((store, index) =>
    Promise.all(
      numbers.map((number) =>
        store.writeRows([
          { table: 'number_owner', mode: 'insert', row: numberOwnerRowOf(number, { purchaseId: `store-${index}` }) },
        ]),
      ),
    ),
  );
  const [one = [], other = []] = await Promise.all(claims);
  for (const [index, { applied }] of one.entries()) expect(applied).toBe(!other[index]?.applied);
  const owners = await home.query<{ purchase_id: string }>('SELECT purchase_id FROM number_owner');
  expect(owners).toHaveLength(200);
  expect(owners.filter(({ purchase_id }) => purchase_id === 'store-0')).toHaveLength(
    one.filter(({ applied }) => applied).length,
  );
});

test('of two servers that write the next version of one call one is refused', async () => {
  await stores[0].writeRows([{ table: 'call', mode: 'insert', row: callRowOf({ callId: 'c' }) }]);
  const row = callRowOf({ callId: 'c', version: 2 });
  const outcomes = await Promise.all(
    stores.map((store) => store.writeRows([{ table: 'call', mode: 'next_version', row }])),
  );
  expect(outcomes.filter(({ applied }) => applied)).toHaveLength(1);
});

test('writes that come together share one commit', async () => {
  const before = await commits();
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      stores[0].writeRows([{ table: 'number_owner', mode: 'insert', row: numberOwnerRowOf(`+49${index}`) }]),
    ),
  );
  expect((await commits()) - before).toBeLessThan(20);
});

/** Transactions of the rows that are there. */
async function commits(): Promise<number> {
  const rows = await home.query<{ xmin: string }>('SELECT DISTINCT xmin::text FROM number_owner');
  return rows.length;
}

test('what PostgreSQL cannot keep in a text is replaced as browsers do it, and the row is written', async () => {
  const name = 'null \0, half \ud83d, whole 😀';
  await stores[0].writeRows([{ table: 'account', mode: 'insert', row: { ...ACCOUNT, name } }]);
  const [row] = await home.query<{ name: string }>('SELECT name FROM account');
  expect(row?.name).toBe('null \ufffd, half \ufffd, whole 😀');
  expect(postgresText('plain')).toBe('plain');
});

test('a row without one of its columns is a bug, and nothing is written', async () => {
  const { name: _, ...rest } = ACCOUNT;
  const write = { table: 'account', mode: 'insert', row: rest } as unknown as RowWrite;
  expect(() => rowWritesJson([write])).toThrow('A row lacks a column');
  await expect(stores[0].writeRows([write])).rejects.toThrow('A row lacks a column');
  expect(await home.query('SELECT * FROM account')).toEqual([]);
});

test('a claim is decided by the clock of the database, over all servers', async () => {
  const claim = (store: Store, holder: string, forMs: number) => store.claim({ name: 'calls/0', holder, forMs });
  const first = await Promise.all([claim(stores[0], 'one', 60_000), claim(stores[1], 'two', 60_000)]);
  expect(first.filter(Boolean)).toHaveLength(1);
  const [holder, store] = first[0] ? ['two', stores[1]] : ['one', stores[0]];
  expect(await claim(store, holder, 60_000)).toBe(false);
  // Its holder has died, and its time is over.
  await home.query('UPDATE claim SET until_ms = until_ms - 60001');
  expect(await claim(store, holder, 60_000)).toBe(true);
});

test('an integer beyond what is exact here is refused, not rounded', async () => {
  await home.query(`INSERT INTO rate_deck VALUES('d', 'deck', 9007199254740993, 0, '')`);
  await expect(stores[0].db.selectFrom('rate_deck').select('importedAtMs').execute()).rejects.toThrow(
    '9007199254740993 is beyond the integers that are exact here',
  );
  expect(await stores[0].db.selectFrom('rate_deck').select('deckId').execute()).toEqual([{ deckId: 'd' }]);
});

test('only a lost race is tried again, and not for ever', async () => {
  let tries = 0;
  const failing = (reason: Error) => () => {
    tries += 1;
    return Promise.reject(reason);
  };
  await expect(repeatLostRaces(failing(new TypeError('a bug')))).rejects.toThrow('a bug');
  expect(tries).toBe(1);
  const [lost] = await Promise.allSettled([
    home.query(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$`),
  ]);
  tries = 0;
  if (lost?.status !== 'rejected') throw new Error('It was not lost');
  await expect(repeatLostRaces(failing(lost.reason))).rejects.toThrow('lost');
  expect(tries).toBe(8);
});
