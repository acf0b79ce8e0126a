/**
 * Kysely over node:sqlite, for everything that is not hot. Kysely's own SQLite dialect was made for another driver with nearly the
 * same calls; this is the difference: what a statement returns, booleans, and statements that are kept (a third of the cost of a
 * small query is preparing it).
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { CamelCasePlugin, Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Database } from '../schema.ts';

/** Query texts that are kept prepared; far more than the software has. Beyond it the oldest is dropped. */
const MAX_KEPT_STATEMENTS = 500;

/** Closes `database` when it is destroyed. */
export function createSqliteKysely(database: DatabaseSync): Kysely<Database> {
  return new Kysely<Database>({
    dialect: new SqliteDialect({ database: keepingStatements(database) }),
    plugins: [new CamelCasePlugin()],
  });
}

function keepingStatements(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = adaptStatement(database.prepare(sql), () => database.prepare(sql));
      kept.set(sql, statement);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT_STATEMENTS && oldest !== undefined) kept.delete(oldest);
      return statement;
    },
  };
}

/** `prepareAnother`: an iteration owns its statement until its end, so it cannot be the kept one. */
function adaptStatement(statement: StatementSync, prepareAnother: () => StatementSync): SqliteStatement {
  const columns = statement.columns().map(({ name }) => name);
  const flags = columns.filter((name) => name.startsWith('is_'));
  return {
    reader: columns.length > 0,
    all: (parameters) => statement.all(...bound(parameters)).map((row) => withFlags(row, flags)),
    run: (parameters) => statement.run(...bound(parameters)),
    *iterate(parameters) {
      for (const row of prepareAnother().iterate(...bound(parameters))) yield withFlags(row, flags);
    },
  };
}

/** SQLite has no booleans: a column called is_... holds 0 or 1. */
function withFlags(row: Record<string, SQLOutputValue>, flags: readonly string[]): Record<string, unknown> {
  const read: Record<string, unknown> = row;
  for (const name of flags) read[name] = read[name] === null ? null : read[name] === 1;
  return read;
}

function bound(parameters: readonly unknown[]): SQLInputValue[] {
  // Kysely passes what the query's typed columns allow: text, numbers, null and booleans.
  return parameters.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)));
}
