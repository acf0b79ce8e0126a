/**
 * Every table of an installation, in the order in which rows may be written (what is referred to comes first). The compiler holds it
 * complete over the row types; tables of the database that are named neither here nor in TABLES_LEFT_BEHIND stop a copy.
 */
import type { LedgerTables } from '../ledger-rows.ts';
import type { Tables } from '../rows.ts';
import type { Database } from '../schema.ts';
import { TABLE_COLUMNS } from '../table-columns.ts';

export type TableName = keyof Database;

export interface InstallationTable {
  readonly name: TableName;
  /** As in the row types (camelCase). */
  readonly columns: readonly string[];
  /** Unique together, and ordered by an index. */
  readonly keys: readonly string[];
  /** How many rows are carried at once. */
  readonly pageRows: number;
}

/** One row of any of these tables. */
export type AnyRow = Readonly<Record<string, string | number | boolean | null>>;

/** Each process's own: who does periodic work, a probe of the disk, and which migrations were applied. */
export const TABLES_LEFT_BEHIND: readonly string[] = ['claim', 'store_probe', 'schema_migration'];

type Columns<Row> = { readonly [Name in keyof Row]-?: 'key' | 'value' };

const LEDGER_COLUMNS: { readonly [Name in keyof LedgerTables]: Columns<LedgerTables[Name]> } = {
  wallet: {
    accountId: 'key',
    walletId: 'key',
    currency: 'value',
    balanceMicros: 'value',
    heldMicros: 'value',
    version: 'value',
    entryCount: 'value',
    link: 'value',
  },
  hold: {
    accountId: 'key',
    holdId: 'key',
    walletId: 'value',
    totalMicros: 'value',
    capturedMicros: 'value',
    limits: 'value',
    openedAtMs: 'value',
    closedAtMs: 'value',
  },
  operation: {
    accountId: 'key',
    operationId: 'key',
    fingerprint: 'value',
    heldMicros: 'value',
    capturedMicros: 'value',
    shortMicros: 'value',
    walletBalanceMicros: 'value',
    walletHeldMicros: 'value',
    walletVersion: 'value',
    atMs: 'value',
  },
  entry: {
    accountId: 'key',
    operationId: 'key',
    line: 'key',
    walletId: 'value',
    ledgerAccount: 'value',
    amountMicros: 'value',
    entryKind: 'value',
    reference: 'value',
    atMs: 'value',
    sequence: 'value',
    balanceMicros: 'value',
    link: 'value',
  },
  limit_counter: { accountId: 'key', limitKey: 'key', used: 'value' },
};

const PAGE_ROWS = 5_000;
/** Tables whose rows may be megabytes each. */
const SMALL_PAGES: Partial<Record<TableName, number>> = { rate_deck: 1, call: 500 };

export const INSTALLATION_TABLES: readonly InstallationTable[] = [
  ...Object.entries(LEDGER_COLUMNS),
  ...Object.entries(TABLE_COLUMNS),
].map(([table, columns]) => {
  // The keys of the two are exactly the tables.
  const name = table as keyof LedgerTables | keyof Tables;
  return {
    name,
    columns: Object.keys(columns),
    keys: Object.entries(columns).flatMap(([column, part]) => (part === 'key' ? [column] : [])),
    pageRows: SMALL_PAGES[name] ?? PAGE_ROWS,
  };
});
