/** What was written before several servers were thought of fits under the new unique indexes, in both stores. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../../server/storage/migrations/migrations.ts';
import { openSqliteStore } from '../../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../../server/storage/store.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { createPostgresHome } from '../../support/postgres-home.ts';

const BEFORE = MIGRATIONS.slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name === 'many servers'),
);
/** Sam asked three times, twice in the same millisecond; the others once each. */
const REQUESTS = [
  ['acme', 'b', 'sam', 200],
  ['acme', 'a', 'sam', 200],
  ['acme', 'z', 'sam', 100],
  ['acme', 'c', 'kim', 150],
  ['other', 'a', 'sam', 50],
] as const;
const INSERT = REQUESTS.map(
  ([account, request, person, atMs]) =>
    `INSERT INTO credit_request(account_id, request_id, office_id, person_id, person_name, reason, asked_at_ms, state)
     VALUES('${account}', '${request}', 'berlin', '${person}', '${person}', 'calls', ${atMs}, 'declined');`,
).join('\n');

async function expectNumbered(store: Store): Promise<void> {
  const rows = await store.db
    .selectFrom('credit_request')
    .select(['accountId', 'personId', 'requestId', 'askNumber'])
    .orderBy('accountId')
    .orderBy('personId')
    .orderBy('askNumber')
    .execute();
  await store.close();
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    'acme kim c 1',
    'acme sam z 1',
    'acme sam a 2',
    'acme sam b 3',
    'other sam a 1',
  ]);
}

describe('questions for credit that were asked before get their numbers', () => {
  test('in SQLite', async () => {
    const home = await createSqliteHome();
    const database = new DatabaseSync(home.path);
    database.exec(
      'CREATE TABLE schema_migration(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
    );
    for (const [index, { name, sqlite }] of BEFORE.entries()) {
      database.exec(sqlite);
      database.prepare("INSERT INTO schema_migration VALUES(?, ?, 'then')").run(index + 1, name);
    }
    database.exec(INSERT);
    database.close();
    await expectNumbered(await openSqliteStore({ path: home.path }));
    await home.remove();
  });

  test('in PostgreSQL', async () => {
    const home = await createPostgresHome({ isEmpty: true });
    await home.query(`CREATE TABLE schema_migration(
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    for (const [index, { name, postgres }] of BEFORE.entries()) {
      await home.query(postgres);
      await home.query('INSERT INTO schema_migration(version, name) VALUES($1, $2)', [index + 1, name]);
    }
    await home.query(INSERT);
    await expectNumbered(await home.open());
    await home.remove();
  });
});
