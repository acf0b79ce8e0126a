import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createSqliteKysely } from '../sqlite/sqlite-kysely.ts';
import { setPragmas } from '../sqlite/sqlite-pragmas.ts';
import { sqlName } from '../table-columns.ts';
import type { CopyTarget } from './copy-target.ts';
import type { AnyRow, InstallationTable } from './installation-tables.ts';

/** The file has its tables already. Takes the write lock: nobody else writes until it is closed. */
export function openSqliteCopyTarget(path: string): CopyTarget {
  const database = new DatabaseSync(path);
  try {
    setPragmas(database, 'writer');
    database.exec('BEGIN IMMEDIATE');
  } catch (reason) {
    database.close();
    throw reason;
  }
  const statements = new Map<string, StatementSync>();
  const db = createSqliteKysely(database);
  return {
    place: `SQLite file ${path}`,
    db,
    storable: (row) => row,
    write: async (table, rows) => {
      const statement = statements.get(table.name) ?? database.prepare(insertOf(table));
      statements.set(table.name, statement);
      for (const row of rows) statement.run(...table.columns.map((column) => sqliteValue(row, column)));
    },
    commit: async () => {
      database.exec('COMMIT');
    },
    close: async () => {
      if (database.isTransaction) database.exec('ROLLBACK');
      await db.destroy();
      // Kysely closes what it has used, and knows nothing of a connection that it never used.
      if (database.isOpen) database.close();
    },
  };
}

function insertOf({ name, columns }: InstallationTable): string {
  return `INSERT INTO ${name}(${columns.map(sqlName).join(', ')}) VALUES(${columns.map(() => '?').join(', ')})`;
}

function sqliteValue(row: AnyRow, column: string): string | number | null {
  const value = row[column];
  if (value === undefined) throw new TypeError(`A row lacks ${column}`);
  return typeof value === 'boolean' ? Number(value) : value;
}
