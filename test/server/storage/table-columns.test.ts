import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { migrateSqlite } from '../../../server/storage/sqlite/migrate-sqlite.ts';
import { sqlName, TABLE_COLUMNS } from '../../../server/storage/table-columns.ts';

type Row = Readonly<Record<string, unknown>>;

describe('the columns of the row types', () => {
  test.each(Object.keys(TABLE_COLUMNS) as (keyof typeof TABLE_COLUMNS)[])('%s: are those of the table', (table) => {
    const database = new DatabaseSync(':memory:');
    migrateSqlite(database);
    const stored = database.prepare(`SELECT name, pk > 0 AS isKey FROM pragma_table_info(?)`).all(table);
    database.close();
    const known = Object.entries(TABLE_COLUMNS[table]).map(([name, part]) => ({
      name: sqlName(name),
      isKey: Number(part === 'key'),
    }));
    const byName = (a: Row, b: Row) => String(a.name).localeCompare(String(b.name));
    expect(known.toSorted(byName)).toEqual(stored.map((row) => ({ ...row })).toSorted(byName));
  });

  test('snake_case puts units last', () => {
    expect(sqlName('startedAtMs')).toBe('started_at_ms');
    expect(sqlName('inboundPerMinuteMicros')).toBe('inbound_per_minute_micros');
  });
});
