/** The default store: one file, one writing connection, one reading. Needs nothing but Node. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../store.ts';
import { LogSync, type SyncFile } from './log-sync.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { explainOpenError } from './sqlite-error.ts';
import { createSqliteKysely } from './sqlite-kysely.ts';
import { setPragmas } from './sqlite-pragmas.ts';
import { SqliteStore } from './sqlite-store.ts';

export interface SqliteOptions {
  /** The file; it and its folder are made when they are not there. A `-wal` and a `-shm` file live beside it. */
  readonly path: string;
  /** Node's fs.fdatasync when left out. */
  readonly syncFile?: SyncFile;
}

/** Rejects with one sentence that names the file and what is wrong with it. */
export async function openSqliteStore({ path, syncFile }: SqliteOptions): Promise<Store> {
  const opened: DatabaseSync[] = [];
  try {
    mkdirSync(dirname(path), { recursive: true });
    const writer = new DatabaseSync(path);
    opened.push(writer);
    setPragmas(writer, 'writer');
    migrateSqlite(writer);
    // From here on commits are synced by LogSync.
    setPragmas(writer, 'synced_apart');
    const reader = new DatabaseSync(path, { readOnly: true });
    opened.push(reader);
    setPragmas(reader, 'reader');
    return new SqliteStore({ path, writer, sync: new LogSync(path, syncFile), db: createSqliteKysely(reader) });
  } catch (reason) {
    for (const database of opened) database.close();
    throw explainOpenError(path, reason);
  }
}
