/** Where a whole installation is written to, in one transaction: all of it, or nothing. */
import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import type { AnyRow, InstallationTable } from './installation-tables.ts';

export interface CopyTarget {
  /** "SQLite file data.sqlite"; never a password. */
  readonly place: string;
  /** Sees what was written, before it is committed. For reading only. */
  readonly db: Kysely<Database>;
  /** The row as it will be read again; the same object when this store can hold it as it is. */
  storable(row: AnyRow): AnyRow;
  write(table: InstallationTable, rows: readonly AnyRow[]): Promise<void>;
  /** Makes it durable and seen by others. */
  commit(): Promise<void>;
  /** Ends the connection. Without `commit`, nothing was written. */
  close(): Promise<void>;
}
