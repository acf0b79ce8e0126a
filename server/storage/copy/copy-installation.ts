/**
 * Carries a whole installation from one store into an empty one: one snapshot of the source, one transaction on the target, and
 * every row read back and compared before anything is committed.
 */
import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { type Store, UnavailableError } from '../store.ts';
import { compareWallets, type WalletComparison } from './compare-wallets.ts';
import { CopyError } from './copy-error.ts';
import type { CopyTarget } from './copy-target.ts';
import { INSTALLATION_TABLES, type InstallationTable } from './installation-tables.ts';
import { type TableContent, TableDigest } from './table-digest.ts';
import { countRows, tablePages } from './table-pages.ts';
import { unknownTables } from './unknown-tables.ts';

export interface CopyProgress {
  readonly step: 'copying' | 'comparing';
  /** Rows. */
  readonly done: number;
  readonly total: number;
}

export interface CopiedTable {
  readonly table: string;
  readonly source: TableContent;
  readonly copy: TableContent;
  readonly isSame: boolean;
}

export interface CopyReport {
  readonly tables: readonly CopiedTable[];
  readonly wallets: WalletComparison;
  /** Rows with a text that the target cannot hold as it is (U+0000 and halves of surrogate pairs become U+FFFD). */
  readonly mendedRows: number;
  readonly isSame: boolean;
}

export interface CopyParts {
  readonly source: Pick<Store, 'db' | 'place'>;
  readonly target: CopyTarget;
  readonly onProgress: (progress: CopyProgress) => void;
}

/** Commits nothing: that is for the caller to do when the report is good. */
export async function copyInstallation({ source, target, onProgress }: CopyParts): Promise<CopyReport> {
  await assertComplete(source);
  await assertComplete(target);
  await assertEmpty(target);
  const carried = await inSnapshot(source.db, async (db) => {
    const contents = await carryTables(db, { target, onProgress });
    return { ...contents, wallets: await compareWallets(db, { target: target.db, storable: target.storable }) };
  });
  const copies = await readTables(target.db, onProgress);
  const tables = INSTALLATION_TABLES.map(({ name }) => compareTable(name, carried.contents, copies));
  const isSame = tables.every((table) => table.isSame) && carried.wallets.differenceCount === 0;
  return { tables, wallets: carried.wallets, mendedRows: carried.mendedRows, isSame };
}

/** Every change of these adds an operation: their number of rows tells whether something was written, without reading millions. */
const TABLES_TOLD_BY_COUNT: ReadonlySet<string> = new Set(['operation', 'entry', 'hold', 'limit_counter']);

/** Tables that hold something else now than what was carried: somebody wrote to the source meanwhile. */
export async function changedTables(
  source: Pick<Store, 'db'>,
  { tables, storable }: Pick<CopyReport, 'tables'> & Pick<CopyTarget, 'storable'>,
): Promise<readonly string[]> {
  return inSnapshot(source.db, async (db) => {
    const counts = await countRows(db, INSTALLATION_TABLES);
    const changed: string[] = [];
    for (const table of INSTALLATION_TABLES) {
      const before = tables.find((one) => one.table === table.name)?.source;
      const isSame = TABLES_TOLD_BY_COUNT.has(table.name)
        ? counts.get(table.name) === before?.rows
        : (await readTable(db, { table, storable })).digest === before?.digest;
      if (!isSame) changed.push(table.name);
    }
    return changed;
  });
}

async function readTable(
  db: Kysely<Database>,
  { table, storable }: { readonly table: InstallationTable } & Pick<CopyTarget, 'storable'>,
): Promise<TableContent> {
  const digest = new TableDigest(table);
  for await (const page of tablePages(db, table)) for (const row of page) digest.add(storable(row));
  return digest.content();
}

function inSnapshot<Result>(
  db: Kysely<Database>,
  work: (snapshot: Kysely<Database>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
}

async function assertComplete({ db, place }: Pick<CopyTarget, 'db' | 'place'>): Promise<void> {
  const [unknown] = await unknownTables(db);
  if (unknown === undefined) return;
  throw new CopyError(`${place} has a table "${unknown}" of which this version does not know whether to copy it.`);
}

async function assertEmpty({ db, place }: CopyTarget): Promise<void> {
  const counts = await countRows(db, INSTALLATION_TABLES);
  const found = [...counts].flatMap(([table, rows]) => (rows === 0 ? [] : [`${rows} in ${table}`]));
  if (found.length === 0) return;
  throw new CopyError(`${place} is not empty; there are rows already: ${found.join(', ')}. Copy into an empty one.`);
}

interface CarriedTables {
  readonly contents: ReadonlyMap<string, TableContent>;
  readonly mendedRows: number;
}

async function carryTables(
  db: Kysely<Database>,
  { target, onProgress }: Pick<CopyParts, 'target' | 'onProgress'>,
): Promise<CarriedTables> {
  const total = await totalRows(db);
  const contents = new Map<string, TableContent>();
  let [done, mendedRows] = [0, 0];
  for (const table of INSTALLATION_TABLES) {
    const digest = new TableDigest(table);
    for await (const page of tablePages(db, table)) {
      const rows = page.map((row) => target.storable(row));
      mendedRows += rows.filter((row, index) => row !== page[index]).length;
      await target.write(table, rows).catch((cause: unknown) => {
        throw writeError(table, cause);
      });
      for (const row of rows) digest.add(row);
      done += rows.length;
      onProgress({ step: 'copying', done, total });
    }
    contents.set(table.name, digest.content());
  }
  return { contents, mendedRows };
}

function writeError({ name }: InstallationTable, cause: unknown): unknown {
  if (cause instanceof UnavailableError || !(cause instanceof Error)) return cause;
  return new CopyError(`The target does not take a row of "${name}": ${cause.message}. Nothing was written.`, {
    cause,
  });
}

/** What every table holds, read anew. */
async function readTables(
  db: Kysely<Database>,
  onProgress: CopyParts['onProgress'],
): Promise<ReadonlyMap<string, TableContent>> {
  const total = await totalRows(db);
  const contents = new Map<string, TableContent>();
  let done = 0;
  for (const table of INSTALLATION_TABLES) {
    const digest = new TableDigest(table);
    for await (const page of tablePages(db, table)) {
      for (const row of page) digest.add(row);
      done += page.length;
      onProgress({ step: 'comparing', done, total });
    }
    contents.set(table.name, digest.content());
  }
  return contents;
}

async function totalRows(db: Kysely<Database>): Promise<number> {
  return [...(await countRows(db, INSTALLATION_TABLES)).values()].reduce((sum, rows) => sum + rows, 0);
}

function compareTable(
  table: InstallationTable['name'],
  sources: ReadonlyMap<string, TableContent>,
  copies: ReadonlyMap<string, TableContent>,
): CopiedTable {
  const [source, copy] = [sources.get(table), copies.get(table)];
  if (source === undefined || copy === undefined) throw new Error(`Nothing is known of the table ${table}`);
  return { table, source, copy, isSame: source.rows === copy.rows && source.digest === copy.digest };
}
