import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { migrateSqlite } from '../../../../server/storage/sqlite/migrate-sqlite.ts';

const database = new DatabaseSync(':memory:');
migrateSqlite(database);
afterAll(() => database.close());

const planOf = (query: string) =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${query}`)
    .all()
    .map(({ detail }) => String(detail));

test('the look for final leases, once a second, reads those and not every call that runs', () => {
  const finals = `SELECT call.* FROM call JOIN wallet USING (account_id, wallet_id)
    WHERE call.due_at_ms IS NOT NULL AND call.status = ? AND call.is_lease_final = true AND balance_micros > wallet.held_micros`;
  expect(planOf(finals)[0]).toContain('INDEX call_final_lease');
});

test('the largest holds of a wallet come from an index in their order, without sorting all of them', () => {
  const holders = `SELECT call_id FROM call WHERE account_id = ? AND wallet_id = ? AND due_at_ms IS NOT NULL AND held_micros > ?
    ORDER BY held_micros DESC, call_id LIMIT 50`;
  expect(planOf(holders)).toEqual([expect.stringContaining('INDEX call_running_of_wallet')]);
});

test('the last paid calls of an office come from an index that has all of the answer, without looking through those that run', () => {
  const paid = `SELECT cost_micros, billed_seconds FROM call WHERE account_id = ? AND office_id = ? AND cost_micros > 0
    ORDER BY started_at_ms DESC LIMIT 20`;
  expect(planOf(paid)).toEqual([expect.stringContaining('COVERING INDEX call_paid_of_office')]);
});

test('the ledger check reads the entries of all wallets in the order of their chains, without sorting', () => {
  const chain = `SELECT entry.link, other.ledger_account FROM entry LEFT JOIN entry AS other
      ON other.account_id = entry.account_id AND other.operation_id = entry.operation_id AND other.line = 1
    WHERE entry.ledger_account = 'wallet' AND (entry.account_id, entry.wallet_id, entry.sequence) > (?, ?, ?)
    ORDER BY entry.account_id, entry.wallet_id, entry.sequence LIMIT 500`;
  expect(planOf(chain)).toEqual([
    expect.stringContaining('entry USING INDEX entry_of_wallet'),
    expect.stringContaining('other USING PRIMARY KEY'),
  ]);
});
