/** Writes rows of rows.ts inside the transaction of its caller, one kept statement a table and mode. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { RowWrite, Tables } from '../rows.ts';
import { sqlName, TABLE_COLUMNS } from '../table-columns.ts';
import { isUniqueViolation } from './sqlite-error.ts';

export interface RowWriter {
  /** Writes all or none. Returns the table of the first conflict, in the order given; null when all are written. */
  write(writes: readonly RowWrite[]): keyof Tables | null;
}

export function createRowWriter(database: DatabaseSync): RowWriter {
  const savepoint = database.prepare('SAVEPOINT row_writes');
  const release = database.prepare('RELEASE row_writes');
  const rollback = database.prepare('ROLLBACK TO row_writes');
  const statements = new Map<string, PreparedWrite>();

  function writeOne(write: RowWrite): boolean {
    const key = `${write.mode} ${write.table}`;
    let prepared = statements.get(key);
    if (prepared === undefined) {
      prepared = prepareWrite(database, write);
      statements.set(key, prepared);
    }
    try {
      return prepared.statement.run(...prepared.valuesOf(write)).changes === 1;
    } catch (reason) {
      // The row that is there would be changed into one that another unique index forbids.
      if (write.mode === 'upsert' && isUniqueViolation(reason)) return false;
      throw reason;
    }
  }

  function writeAll(writes: readonly RowWrite[]): keyof Tables | null {
    savepoint.run();
    const conflict = writes.find((write) => !writeOne(write));
    if (conflict !== undefined) rollback.run();
    release.run();
    return conflict?.table ?? null;
  }

  return {
    write(writes) {
      const [first] = writes;
      if (first === undefined) return null;
      // One row that was not written needs nothing undone, and is the hot path: no savepoint.
      if (writes.length === 1) return writeOne(first) ? null : first.table;
      return writeAll(writes);
    },
  };
}

interface PreparedWrite {
  readonly statement: StatementSync;
  readonly valuesOf: (write: RowWrite) => SQLInputValue[];
}

function prepareWrite(database: DatabaseSync, { table, mode }: RowWrite): PreparedWrite {
  const columns = Object.entries(TABLE_COLUMNS[table]).map(([name, part]) => ({ name, part, sql: sqlName(name) }));
  const values = columns.filter(({ part }) => part === 'value');
  const keys = columns.filter(({ part }) => part === 'key');
  const owners = columns.filter(({ part }) => part === 'owner');
  const bound = mode === 'next_version' ? [...values, ...keys, ...owners, ...values.filter(isVersion)] : columns;
  const insert =
    `INSERT INTO ${table}(${columns.map(({ sql }) => sql).join(', ')}) ` +
    `VALUES(${columns.map(() => '?').join(', ')})`;
  const sql = {
    insert: `${insert} ON CONFLICT DO NOTHING`,
    // Not an update, so a conflict: the row is another owner's, or (the second clause) some other unique index is in the way.
    upsert:
      `${insert} ON CONFLICT(${keys.map((key) => key.sql).join(', ')}) ` +
      `DO UPDATE SET ${values.map((value) => `${value.sql} = excluded.${value.sql}`).join(', ')} ` +
      `WHERE ${['true', ...owners.map((owner) => `${table}.${owner.sql} = excluded.${owner.sql}`)].join(' AND ')} ` +
      'ON CONFLICT DO NOTHING',
    next_version:
      `UPDATE ${table} SET ${values.map((value) => `${value.sql} = ?`).join(', ')} ` +
      `WHERE ${[...keys, ...owners].map((name) => `${name.sql} = ?`).join(' AND ')} AND version = ? - 1`,
  }[mode];
  const names = bound.map(({ name }) => name);
  return {
    statement: database.prepare(sql),
    valuesOf: ({ row }) => {
      // The row is one of Tables[table], whose names are exactly those of TABLE_COLUMNS[table].
      const fields = row as unknown as Readonly<Record<string, string | number | boolean | null>>;
      return names.map((name) => sqliteValue(fields[name]));
    },
  };
}

function isVersion({ name }: { readonly name: string }): boolean {
  return name === 'version';
}

function sqliteValue(value: string | number | boolean | null | undefined): SQLInputValue {
  if (value === undefined) throw new TypeError('A row lacks a column');
  return typeof value === 'boolean' ? Number(value) : value;
}
