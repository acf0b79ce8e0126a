/** A data file in a folder of its own that goes away after the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';

export interface SqliteHome {
  readonly folder: string;
  readonly path: string;
  open(): Promise<Store>;
  remove(): Promise<void>;
}

export async function createSqliteHome(): Promise<SqliteHome> {
  const folder = await mkdtemp(join(tmpdir(), 'credit-phone-'));
  const path = join(folder, 'data.db');
  return {
    folder,
    path,
    open: () => openSqliteStore({ path }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
