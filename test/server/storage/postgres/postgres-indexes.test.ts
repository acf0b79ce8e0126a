/** The hot look-ups of the server, by index and without sorting, as in sqlite-kysely.test.ts and sqlite-indexes.test.ts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

let home: PostgresHome;
beforeAll(async () => {
  // New: what other tests left in the statistics of a table may make another index as good.
  home = await createPostgresHome({ isSpoiled: true });
});
afterAll(() => home.remove());

/** As with very many rows: reading everything is never worth it. */
async function planOf(query: string): Promise<string> {
  const rows = await home.query<{ 'QUERY PLAN': string }>(
    `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_incremental_sort = off; EXPLAIN ${query}`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test.each([
  ['calls that are due', 'SELECT * FROM call WHERE due_at_ms <= 5 ORDER BY due_at_ms LIMIT 100', 'call_due'],
  ['a call by its id alone', "SELECT * FROM call WHERE call_id = 'c'", 'call_id_is_unique'],
  ['a call of an account', "SELECT * FROM call WHERE account_id = 'a' AND call_id = 'c'", 'call_'],
  [
    "an account's calls, newest first",
    "SELECT * FROM call WHERE account_id = 'a' AND started_at_ms < 5 AND due_at_ms IS NULL ORDER BY started_at_ms DESC, call_id DESC LIMIT 50",
    'call_of_account',
  ],
  [
    "an office's calls, newest first",
    "SELECT * FROM call WHERE account_id = 'a' AND office_id = 'o' AND due_at_ms IS NULL ORDER BY started_at_ms DESC, call_id DESC LIMIT 50",
    'call_of_office',
  ],
  [
    "a person's calls, newest first",
    "SELECT * FROM call WHERE account_id = 'a' AND person_id = 'p' AND due_at_ms IS NULL ORDER BY started_at_ms DESC, call_id DESC LIMIT 50",
    'call_of_person',
  ],
  [
    "a wallet's statement, newest first",
    "SELECT * FROM entry WHERE account_id = 'a' AND wallet_id = 'w' AND ledger_account = 'wallet' ORDER BY sequence DESC LIMIT 50",
    'entry_of_wallet',
  ],
  [
    'the entries of all wallets in the order of their chains, as the ledger check reads them',
    `SELECT entry.link, other.ledger_account FROM entry LEFT JOIN entry AS other
       ON other.account_id = entry.account_id AND other.operation_id = entry.operation_id AND other.line = 1
     WHERE entry.ledger_account = 'wallet' AND (entry.account_id, entry.wallet_id, entry.sequence) > ('a', 'w', 5)
     ORDER BY entry.account_id, entry.wallet_id, entry.sequence LIMIT 500`,
    'entry_of_wallet',
  ],
  [
    'the largest holds of a wallet',
    `SELECT call_id FROM call WHERE account_id = 'a' AND wallet_id = 'w' AND due_at_ms IS NOT NULL AND held_micros > 0
     ORDER BY held_micros DESC, call_id LIMIT 50`,
    'call_running_of_wallet',
  ],
  [
    'final leases',
    "SELECT * FROM call WHERE due_at_ms IS NOT NULL AND status = 'answered' AND is_lease_final = true ORDER BY due_at_ms",
    'call_final_lease',
  ],
  ['the deck in force', 'SELECT deck_id FROM rate_deck ORDER BY imported_at_ms DESC LIMIT 1', 'rate_deck_by_time'],
])('%s are found by index, without sorting', async (_, query, index) => {
  const plan = await planOf(query);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan|Sort/);
});
