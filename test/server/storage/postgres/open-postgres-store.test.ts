import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../../../server/storage/migrations/migrations.ts';
import { openStore } from '../../../../server/storage/open-store.ts';
import { openPostgresStore } from '../../../../server/storage/postgres/open-postgres-store.ts';
import { ACCOUNT, creditOf, holdOf, WALLET } from '../../../support/ledger-operations.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

let home: PostgresHome;
afterEach(() => home.remove());

const CHILD = join(import.meta.dirname, '../../../support/store-open-child.ts');

/** Its last word, or what it complained about. */
function openInProcess(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, url], { stdio: ['ignore', 'pipe', 'pipe'] });
    const words: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => words.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => words.push(chunk.toString()));
    child.once('error', reject);
    child.once('exit', () => resolve(words.join('')));
  });
}

describe('the tables', () => {
  const versions = () => home.query<{ version: number }>('SELECT version, applied_at FROM schema_migration ORDER BY 1');

  test('are made once when several servers start at the same moment on an empty database', {
    timeout: 120_000,
  }, async () => {
    home = await createPostgresHome({ isEmpty: true });
    const said = await Promise.all([1, 2, 3, 4].map(() => openInProcess(home.url)));
    expect(said).toEqual(['opened', 'opened', 'opened', 'opened']);
    expect((await versions()).map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('that are there are left as they are, without a lock', async () => {
    home = await createPostgresHome();
    const before = await versions();
    // Somebody reads for long, say a backup: a start that had to lock something would wait.
    const reader = home.query(
      'BEGIN; LOCK TABLE schema_migration, wallet, call IN ACCESS SHARE MODE; SELECT pg_sleep(1)',
    );
    await (await home.open()).close();
    await reader;
    expect(await versions()).toEqual(before);
  });

  test('of a newer version stop the start with the numbers, and stay as they are', async () => {
    home = await createPostgresHome({ isSpoiled: true });
    await home.query(`INSERT INTO schema_migration(version, name) VALUES(99, 'from the future')`);
    await expect(home.open()).rejects.toThrow(
      new RegExp(
        `^PostgreSQL at .* was written by a newer version of this software \\(its tables have version 99, known are ${MIGRATIONS.length}\\): update the server`,
      ),
    );
  });

  test('are all made or none: a step that fails leaves nothing, and the next start does it', async () => {
    home = await createPostgresHome({ isEmpty: true });
    await home.query('CREATE TABLE rate_deck(in_the_way text)');
    await expect(home.open()).rejects.toThrow(/already exists/);
    expect(await home.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual([
      { tablename: 'rate_deck' },
    ]);
    await home.query('DROP TABLE rate_deck');
    await (await home.open()).close();
    expect(await versions()).toHaveLength(MIGRATIONS.length);
  });
});

describe('connections', () => {
  test('say who they are, wait for the disk, and read only where they only read', async () => {
    home = await createPostgresHome({ isSpoiled: true });
    const name = new URL(home.url).pathname.slice(1);
    await home.query(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
    const store = await openPostgresStore({ url: home.url });
    const shown = async (setting: string) => {
      const { rows } = await sql<{ value: string }>`SELECT current_setting(${setting}) AS value`.execute(store.db);
      return rows[0]?.value;
    };
    expect(await shown('synchronous_commit')).toBe('on');
    expect(await shown('default_transaction_read_only')).toBe('on');
    expect(await shown('application_name')).toBe('credit-phone');
    expect(await shown('default_transaction_isolation')).toBe('read committed');
    expect(Number.parseInt((await shown('statement_timeout')) ?? '', 10)).toBeGreaterThan(0);
    await store.check();
    await store.close();
  });

  test('are few: readers, writers, one for money, one for words', async () => {
    home = await createPostgresHome();
    const store = await home.open();
    const busy = Array.from({ length: 40 }, (_, index) => [
      store.db.selectFrom('call').selectAll().execute(),
      store.check(),
      store.writeRows([]),
      store.applyBatch([creditOf(1, { operationId: `c${index}` })]),
    ]);
    await Promise.all(busy.flat());
    const open = await home.query(`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'credit-phone'`);
    expect(open.length).toBeLessThanOrEqual(8);
    await store.close();
    await expect
      .poll(() =>
        home.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`),
      )
      .toEqual([]);
  });
});

test('the configuration decides: an address of a database is PostgreSQL, whatever the data file', async () => {
  home = await createPostgresHome();
  const store = await openStore({ databaseUrl: home.url, dataFile: '/nowhere/at/all' });
  expect(store.place).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+\/credit_phone_/);
  expect(store.place).not.toContain('only-on-this-machine');
  await store.close();
});

describe('what the database itself forbids, whoever writes to it', () => {
  test('money below what is held, and any change of the book', async () => {
    home = await createPostgresHome();
    const store = await home.open();
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    await store.applyBatch([creditOf(1_000, { operationId: 'c' }), holdOf(400, { operationId: 'h' })]);
    await store.close();
    for (const [statement, words] of FORBIDDEN)
      expect([statement, await home.query(statement).then(() => 'accepted', String)]).toEqual([
        statement,
        expect.stringMatching(words),
      ]);
  });
});

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ['UPDATE entry SET amount_micros = 1', /append-only/],
  ['DELETE FROM entry', /append-only/],
  ['TRUNCATE entry', /append-only/],
  ["UPDATE operation SET fingerprint = ''", /append-only/],
  ['DELETE FROM operation', /append-only/],
  ['TRUNCATE operation CASCADE', /append-only/],
  ['UPDATE wallet SET balance_micros = 399', /wallet_check/],
  ['UPDATE wallet SET held_micros = -1', /wallet_held_micros_check/],
  ['UPDATE hold SET captured_micros = 401, closed_at_ms = 1', /hold_check/],
  ['UPDATE hold SET captured_micros = 1', /hold_check/],
  ["INSERT INTO entry VALUES('acme', 'c', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, 5, 'x')", /entry_pkey/],
  ["INSERT INTO entry VALUES('acme', 'new', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 1, 5, 'x')", /entry_of_wallet/],
  ["INSERT INTO entry VALUES('acme', 'new', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, NULL, NULL)", /entry_link_check/],
  [
    "INSERT INTO entry VALUES('acme', 'new', 0, 'berlin', 'wallet', 5, 'k', 'r', 1, 2, NULL, 'x')",
    /entry_balance_check/,
  ],
  ['UPDATE wallet SET link = NULL', /wallet_link_check/],
];
