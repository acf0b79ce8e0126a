/** Every way to walk along the lines of a statement has an index with its order, on both stores: no page sorts a wallet. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrateSqlite } from '../../../../server/storage/sqlite/migrate-sqlite.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

const WALLET = "account_id = 'a' AND wallet_id = 'w'";
const RANGE = 'sequence >= 1 AND sequence <= 9 AND sequence < 5';

const WALKS = [
  [
    'all, by time',
    `${WALLET} AND ${RANGE} ORDER BY sequence DESC`,
    'statement_line_pkey',
    'autoindex_statement_line_1',
  ],
  ...(
    [
      ['group_key', 'statement_line_of_group'],
      ['person_id', 'statement_line_of_person'],
      ['number_used', 'statement_line_of_number'],
      ['destination', 'statement_line_of_destination'],
    ] as const
  ).map(([column, index]) => {
    const walk = `${WALLET} AND ${column} = 'x' AND ${RANGE} ORDER BY sequence DESC`;
    return [`those of one ${column}`, walk, index, index] as const;
  }),
  ...(
    [
      ['amount_micros', 'statement_line_by_amount'],
      ['duration_seconds', 'statement_line_by_duration'],
    ] as const
  ).map(([column, index]) => {
    const walk = `${WALLET} AND (${column}, sequence) > (-5, 7) ORDER BY ${column}, sequence`;
    return [`all, by ${column}`, walk, index, index] as const;
  }),
] as const;

const COUNT = `SELECT sum(line_count) FROM statement_sum
  WHERE ${WALLET} AND dimension IN ('person') AND epoch = 1 AND value IN ('x') AND day >= '2026-11-01' AND day <= '2026-11-30'`;

describe('pages of statements', () => {
  let home: PostgresHome;
  const sqlite = new DatabaseSync(':memory:');
  beforeAll(async () => {
    // New: what other tests left in the statistics of a table may make another index as good.
    home = await createPostgresHome({ isSpoiled: true });
    migrateSqlite(sqlite);
  }, 60_000);
  afterAll(async () => {
    sqlite.close();
    await home.remove();
  });

  async function postgresPlan(query: string): Promise<string> {
    const rows = await home.query<{ 'QUERY PLAN': string }>(
      `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_incremental_sort = off; EXPLAIN ${query}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  const sqlitePlan = (query: string) =>
    sqlite
      .prepare(`EXPLAIN QUERY PLAN ${query}`)
      .all()
      .map(({ detail }) => String(detail))
      .join('\n');

  test.each(WALKS)('%s: along an index, without sorting', async (_, walk, postgresIndex, sqliteIndex) => {
    const query = `SELECT * FROM statement_line WHERE ${walk} LIMIT 51`;
    expect(await postgresPlan(query)).toContain(postgresIndex);
    expect(await postgresPlan(query)).not.toMatch(/Seq Scan|Sort/);
    expect(sqlitePlan(query)).toContain(sqliteIndex);
    expect(sqlitePlan(query)).not.toMatch(/SCAN|TEMP B-TREE/);
  });

  test('C-21: what is paid by invoice is added up along an index of its own, on which nothing else is', async () => {
    const query = `SELECT kind, sum(cost_micros) FROM service_charge WHERE ${WALLET} AND paid_by = 'invoice' AND status = 'settled'
      AND cost_micros > 0 AND ended_at_ms >= 1 AND ended_at_ms < 2 GROUP BY kind`;
    expect(sqlitePlan(query)).toContain('service_charge_invoiced');
    expect(await postgresPlan(query)).toContain('service_charge_invoiced');
  });

  test('lines of one value are counted in an index of the sums alone', async () => {
    expect(sqlitePlan(COUNT)).toContain('COVERING INDEX statement_sum_of_value');
    expect(await postgresPlan(COUNT)).toContain('statement_sum_of_value');
  });
});
