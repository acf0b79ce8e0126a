import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../../server/storage/store.ts';
import { callRowOf } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

describe('reading through Kysely', () => {
  let home: SqliteHome;
  let store: Store;

  beforeEach(async () => {
    home = await createSqliteHome();
    store = await home.open();
    const calls = [1, 2, 3].map((number) => callRowOf({ callId: `call-${number}`, isLeaseFinal: number === 2 }));
    await store.writeRows(calls.map((row) => ({ table: 'call', mode: 'insert', row })));
  });
  afterEach(async () => {
    await store.close();
    await home.remove();
  });

  test('flags are booleans, in rows and in conditions', async () => {
    const rows = await store.db.selectFrom('call').select(['callId', 'isLeaseFinal']).orderBy('callId').execute();
    expect(rows.map(({ isLeaseFinal }) => isLeaseFinal)).toEqual([false, true, false]);
    const final = store.db.selectFrom('call').select('callId').where('isLeaseFinal', '=', true);
    expect(await final.execute()).toEqual([{ callId: 'call-2' }]);
  });

  test('the same query with other values finds other rows: a kept statement keeps no values', async () => {
    const find = (callId: string) =>
      store.db.selectFrom('call').select('callId').where('callId', '=', callId).execute();
    expect(await find('call-1')).toEqual([{ callId: 'call-1' }]);
    expect(await find('call-3')).toEqual([{ callId: 'call-3' }]);
    expect(await find('call-9')).toEqual([]);
  });

  test('two streams of one query do not disturb each other', async () => {
    const query = store.db.selectFrom('call').select('callId').orderBy('callId');
    const seen: string[] = [];
    for await (const row of query.stream()) seen.push(row.callId);
    for await (const row of query.stream()) seen.push(row.callId);
    expect(seen).toEqual(['call-1', 'call-2', 'call-3', 'call-1', 'call-2', 'call-3']);
  });

  test('sees what was acknowledged, at once', async () => {
    await store.writeRows([{ table: 'call', mode: 'insert', row: callRowOf({ callId: 'call-4' }) }]);
    expect(await store.db.selectFrom('call').select('callId').execute()).toHaveLength(4);
  });

  test('more query texts than are kept still work', async () => {
    for (let number = 0; number < 600; number += 1) {
      const { rows } = await sql<{ n: number }>`SELECT ${sql.lit(number)} AS n`.execute(store.db);
      expect(rows).toEqual([{ n: number }]);
    }
  });

  test.each([
    ['calls that are due', 'SELECT * FROM call WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT 100', 'call_due'],
    ['a call by its id', 'SELECT * FROM call WHERE call_id = ?', 'sqlite_autoindex_call_1'],
    [
      "an account's calls, newest first",
      "SELECT * FROM call WHERE account_id = 'a' AND started_at_ms < ? AND due_at_ms IS NULL ORDER BY started_at_ms DESC, call_id DESC LIMIT 50",
      'call_of_account',
    ],
    [
      "an office's calls, newest first",
      "SELECT * FROM call WHERE account_id = 'a' AND office_id = ? AND due_at_ms IS NULL ORDER BY started_at_ms DESC, call_id DESC LIMIT 50",
      'call_of_office',
    ],
    [
      "a person's calls, newest first",
      "SELECT * FROM call WHERE account_id = 'a' AND person_id = ? AND due_at_ms IS NULL ORDER BY started_at_ms DESC, call_id DESC LIMIT 50",
      'call_of_person',
    ],
    [
      "a wallet's statement, newest first",
      "SELECT * FROM entry WHERE account_id = 'a' AND wallet_id = ? AND ledger_account = 'wallet' ORDER BY sequence DESC LIMIT 50",
      'entry_of_wallet',
    ],
  ])('%s are found by index, without sorting', (_, query, index) => {
    const database = new DatabaseSync(home.path, { readOnly: true });
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${query}`)
      .all('x')
      .map(({ detail }) => String(detail));
    database.close();
    expect(plan.join('; ')).toContain(index);
    expect(plan.join('; ')).not.toMatch(/SCAN|TEMP B-TREE/);
  });
});
