/**
 * A copy of the data file while servers go on reading and writing it. Reads one snapshot from beginning to end: SQLite would begin
 * anew after each commit of another process, and never come to an end beside a busy server. Until it is done the write-ahead log is
 * not emptied, so it grows by what is written meanwhile.
 */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { explainOpenError } from '../sqlite/sqlite-error.ts';
import { createSqliteKysely } from '../sqlite/sqlite-kysely.ts';
import { CopyError } from './copy-error.ts';
import { INSTALLATION_TABLES } from './installation-tables.ts';
import { countRows } from './table-pages.ts';

/** Pages of 4 KiB copied at once, after which progress is told. */
const PAGES_AT_ONCE = 2_000;

export interface BackupOptions {
  /** The data file of the servers. */
  readonly from: string;
  /** Must not be there yet. While it is made, its name ends in ".part". */
  readonly to: string;
  /** Pages of the file. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
  /** Looks into the finished copy, and throws to reject it. */
  readonly verify: (copy: { readonly db: Kysely<Database> }) => Promise<void>;
}

/** Throws CopyError with one sentence; then nothing is left at `to`. */
export async function backupSqlite({ from, to, onProgress, verify }: BackupOptions): Promise<void> {
  const part = `${to}.part`;
  for (const path of [to, part]) {
    if (existsSync(path)) throw overwriteError(path);
  }
  if (!existsSync(from)) throw new CopyError(`There is no data file ${from}.`);
  if (!existsSync(dirname(to))) throw new CopyError(`${to} cannot be made: there is no such folder.`);
  try {
    const counts = await copyPages({ from, to: part, onProgress });
    await verifyCopy({ path: part, counts, verify });
    syncPath(part);
    putInPlace(part, to);
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${end}`, { force: true });
  }
  syncPath(dirname(to));
}

function putInPlace(part: string, to: string): void {
  try {
    // Unlike a rename it fails when somebody has made a file of that name meanwhile.
    linkSync(part, to);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw overwriteError(to);
    // File systems without links (FAT, some networks).
    if (existsSync(to)) throw overwriteError(to);
    renameSync(part, to);
  }
}

function overwriteError(path: string): CopyError {
  return new CopyError(`${path} is there already; a backup never overwrites anything.`);
}

async function copyPages({
  from,
  to,
  onProgress,
}: Omit<BackupOptions, 'verify'>): Promise<ReadonlyMap<string, number>> {
  const source = new DatabaseSync(from, { readOnly: true });
  const db = createSqliteKysely(source);
  try {
    source.exec('BEGIN');
    // The snapshot is that of the first read.
    const counts = await countRows(db, INSTALLATION_TABLES);
    await backup(source, to, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) =>
        onProgress({ done: totalPages - remainingPages, total: totalPages }),
    });
    return counts;
  } catch (reason) {
    throw explainOpenError(from, reason);
  } finally {
    if (source.isTransaction) source.exec('ROLLBACK');
    // Kysely closes what it has used, and knows nothing of a connection that it never used.
    await db.destroy();
    if (source.isOpen) source.close();
  }
}

async function verifyCopy({
  path,
  counts,
  verify,
}: {
  readonly path: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly verify: BackupOptions['verify'];
}): Promise<void> {
  // Not read-only: the last one to close it takes its log away, so that the backup is one file.
  const database = new DatabaseSync(path);
  const db = createSqliteKysely(database);
  try {
    const faults = database.prepare('PRAGMA integrity_check(3)').all();
    const [fault] = faults.map((row) => String(row.integrity_check)).filter((words) => words !== 'ok');
    if (fault !== undefined) throw new CopyError(`The backup is damaged: ${fault}.`);
    for (const [table, rows] of await countRows(db, INSTALLATION_TABLES)) {
      if (rows === counts.get(table)) continue;
      throw new CopyError(`The backup has ${rows} rows in ${table}; there were ${counts.get(table)} when it began.`);
    }
    await verify({ db });
  } finally {
    await db.destroy();
  }
}

/** What was written to a file, or into a folder's list, is on the disk. */
function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
