/** One list of steps for two stores: what they make must be the same. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrateSqlite } from '../../../../server/storage/sqlite/migrate-sqlite.ts';
import { sqlName, TABLE_COLUMNS } from '../../../../server/storage/table-columns.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

const sqlite = new DatabaseSync(':memory:');
migrateSqlite(sqlite);
let home: PostgresHome;
beforeAll(async () => {
  home = await createPostgresHome();
});
afterAll(async () => {
  sqlite.close();
  await home.remove();
});

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly collation_name: string | null;
  readonly is_nullable: 'YES' | 'NO';
}

const postgresColumns = () =>
  home.query<Column>(`SELECT table_name, column_name, data_type, collation_name, is_nullable
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migration'
    ORDER BY table_name COLLATE "C", column_name COLLATE "C"`);

const sqliteTables = () =>
  sqlite
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration'`,
    )
    .all()
    .map(({ name }) => String(name));

describe('the tables of both stores', () => {
  test('have the same columns, and the same of them may be null', async () => {
    const ours = sqliteTables()
      .flatMap((table) =>
        sqlite
          .prepare('SELECT name, "notnull" AS filled, pk FROM pragma_table_info(?)')
          .all(table)
          .map(({ name, filled, pk }) => `${table}.${name} ${filled === 1 || pk !== 0 ? 'NO' : 'YES'}`),
      )
      .sort();
    const theirs = (await postgresColumns()).map(
      ({ table_name, column_name, is_nullable }) => `${table_name}.${column_name} ${is_nullable}`,
    );
    expect(theirs.toSorted()).toEqual(ours);
  });

  test('have types for the same values', async () => {
    const kinds: Readonly<Record<string, string>> = {
      text: 'TEXT',
      bigint: 'INTEGER',
      integer: 'INTEGER',
      boolean: 'INTEGER',
    };
    const types = new Map(
      sqliteTables().flatMap((table) =>
        sqlite
          .prepare('SELECT name, type FROM pragma_table_info(?)')
          .all(table)
          .map(({ name, type }) => [`${table}.${name}`, String(type)] as const),
      ),
    );
    const wrong = (await postgresColumns()).filter(
      (column) => kinds[column.data_type] !== types.get(`${column.table_name}.${column.column_name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('money and times are wide enough, flags are flags, and text is ordered by its bytes', async () => {
    for (const { table_name, column_name, data_type, collation_name } of await postgresColumns()) {
      const name = `${table_name}.${column_name}`;
      if (/_(micros|ms)$/.test(column_name)) expect(data_type, name).toBe('bigint');
      if (column_name.startsWith('is_')) expect(data_type, name).toBe('boolean');
      if (data_type === 'text') expect(collation_name, name).toBe('C');
    }
  });

  test('have the same indexes, over the same columns, of the same rows', async () => {
    const ours = sqlite
      .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`)
      .all()
      .map(({ name, sql }) => `${name} ${indexWords(String(sql))}`);
    const theirs = await home.query<{ indexname: string; indexdef: string }>(
      `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname !~ '_pkey$'
       ORDER BY indexname COLLATE "C"`,
    );
    expect(
      theirs
        .map(({ indexname, indexdef }) => `${indexname} ${indexWords(indexdef)}`)
        // A primary key there, see 0001-first-tables.ts.
        .filter((index) => !index.startsWith('call_id_is_unique ')),
    ).toEqual(ours);
  });

  test('PostgreSQL can be distributed by account: primary keys begin with the account, but for the exceptions that say why', async () => {
    const keys = await home.query<{ table_name: string; first: string }>(
      `SELECT conrelid::regclass::text AS table_name, attname AS first FROM pg_constraint
       JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
       WHERE contype = 'p' AND connamespace = 'public'::regnamespace`,
    );
    const others = keys.filter(({ first }) => first !== 'account_id').map(({ table_name }) => table_name);
    expect(others.toSorted()).toEqual([
      'claim',
      'number_owner',
      'payment_event',
      'policy',
      'rate_deck',
      'schema_migration',
      'simulated_object',
      'store_probe',
      'webhook_endpoint',
    ]);
  });

  test('have every column that rows are written with', async () => {
    const there = new Set(
      (await postgresColumns()).map(({ table_name, column_name }) => `${table_name}.${column_name}`),
    );
    const missing = Object.entries(TABLE_COLUMNS).flatMap(([table, columns]) =>
      Object.keys(columns)
        .map((name) => `${table}.${sqlName(name)}`)
        .filter((name) => !there.has(name)),
    );
    expect(missing).toEqual([]);
  });
});

/** What matters of CREATE INDEX, in whatever words a database gives it back. */
function indexWords(sql: string): string {
  const unique = /^CREATE UNIQUE/i.test(sql) ? 'unique ' : '';
  const [, columns = '', where = ''] = /\(([^)]*)\)(?:\s+WHERE (.*))?$/is.exec(sql.replace(/ USING btree/, '')) ?? [];
  const condition = where
    .replace(/[()"]|::text/g, '')
    .replace(/ = true/g, '')
    .replace(/ = ANY ARRAY\[([^\]]*)\]/g, ' IN $1')
    .toLowerCase();
  return `${unique}${columns.replace(/\s+/g, ' ')} ${condition}`.trim();
}
