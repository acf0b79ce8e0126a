/**
 * Recomputes the ledger from what cannot be changed (entries) and from its holds, and reports each difference, and each wallet's first
 * broken link: the operator's `ledger check`, and what every test of durability asks at its end. Reads in pages within one snapshot, so
 * that it can run beside a working server and on millions of entries, in memory that follows the largest account and not the ledger. It
 * belongs into a process of its own (the operator's command line): in SQLite the snapshot occupies the reading connection, for which other
 * queries of the same store wait.
 */
import type { LimitCounterRow } from '../storage/ledger-rows.ts';
import type { Store } from '../storage/store.ts';
import { compareCodePoints } from './code-point-order.ts';
import { LedgerAudit, type LedgerReport } from './ledger-audit.ts';
import {
  type ChainLine,
  chainPages,
  counterPages,
  countLedgerRows,
  type EntryLine,
  entryPages,
  type HoldLine,
  holdPages,
  type LedgerReader,
  type OperationLine,
  operationPages,
  type WalletLine,
  walletPages,
} from './ledger-pages.ts';
import { RowCursor } from './row-cursor.ts';

/** Rows of all five tables; a wallet's side of an entry counts twice. */
export interface CheckProgress {
  readonly done: number;
  readonly total: number;
}

export interface CheckOptions {
  /** Only this account; all when left out. */
  readonly accountId?: string;
  /** Once at the beginning and after each page. */
  readonly onProgress?: (progress: CheckProgress) => void;
}

export async function checkLedger(store: Pick<Store, 'db'>, options: CheckOptions = {}): Promise<LedgerReport> {
  return store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((db) => auditLedger(db, options));
}

/** The same within a snapshot, or a transaction, of its caller. */
export async function auditLedger(
  db: LedgerReader,
  { accountId, onProgress = () => undefined }: CheckOptions = {},
): Promise<LedgerReport> {
  const range = { accountId: accountId ?? null };
  const total = await countLedgerRows(db, range);
  let done = 0;
  const onPage = (rows: number) => {
    done += rows;
    onProgress({ done, total });
  };
  onPage(0);
  const tables: Tables = {
    wallets: await RowCursor.open(walletPages(db, range), onPage),
    operations: await RowCursor.open(operationPages(db, range), onPage),
    entries: await RowCursor.open(entryPages(db, range), onPage),
    chain: await RowCursor.open(chainPages(db, range), onPage),
    holds: await RowCursor.open(holdPages(db, range), onPage),
    counters: await RowCursor.open(counterPages(db, range), onPage),
  };
  const audit = new LedgerAudit();
  for (let account = firstAccount(tables); account !== null; account = firstAccount(tables)) {
    await auditAccount(audit, tables, account);
    audit.closeAccount(account);
  }
  return audit.report();
}

interface Tables {
  readonly wallets: RowCursor<WalletLine>;
  readonly operations: RowCursor<OperationLine>;
  readonly entries: RowCursor<EntryLine>;
  readonly chain: RowCursor<ChainLine>;
  readonly holds: RowCursor<HoldLine>;
  readonly counters: RowCursor<LimitCounterRow>;
}

function firstAccount(tables: Tables): string | null {
  let first: string | null = null;
  for (const { row } of Object.values(tables)) {
    if (row !== null && (first === null || compareCodePoints(row.accountId, first) < 0)) first = row.accountId;
  }
  return first;
}

async function auditAccount(audit: LedgerAudit, tables: Tables, accountId: string): Promise<void> {
  const { wallets, chain, holds, counters } = tables;
  await eachOf(wallets, accountId, (row) => audit.addWallet(row));
  await auditOperations(audit, tables, accountId);
  await eachOf(chain, accountId, (row) => audit.addLink(row));
  await eachOf(holds, accountId, (row) => audit.addHold(row));
  await eachOf(counters, accountId, (row) => audit.addCounter(row));
}

async function eachOf<Row extends { readonly accountId: string }>(
  cursor: RowCursor<Row>,
  accountId: string,
  add: (row: Row) => void,
): Promise<void> {
  for (let { row } = cursor; row?.accountId === accountId; row = cursor.row) {
    add(row);
    if (!cursor.step()) await cursor.turn();
  }
}

/** Operations and entries lie in the same order: side by side, each entry meets its operation, or finds that there is none. */
async function auditOperations(audit: LedgerAudit, { operations, entries }: Tables, accountId: string): Promise<void> {
  for (;;) {
    const operation = operations.row?.accountId === accountId ? operations.row : null;
    const entry = entries.row?.accountId === accountId ? entries.row : null;
    if (operation === null && entry === null) return;
    const order = compareHeads(operation?.operationId, entry?.operationId);
    if (operation !== null && order <= 0) {
      audit.addOperation(operation);
      if (!operations.step()) await operations.turn();
    }
    if (entry !== null && order >= 0) {
      const lines: EntryLine[] = [];
      for (let row: EntryLine | null = entry; isLineOf(row, entry); row = entries.row) {
        lines.push(row);
        if (!entries.step()) await entries.turn();
      }
      audit.addEntries(lines, order === 0 ? operation : null);
    }
  }
}

/** What is not there comes last. */
function compareHeads(operationId: string | undefined, entryOperationId: string | undefined): number {
  if (operationId === undefined) return 1;
  return entryOperationId === undefined ? -1 : compareCodePoints(operationId, entryOperationId);
}

function isLineOf(row: EntryLine | null, first: EntryLine): row is EntryLine {
  return row !== null && row.operationId === first.operationId && row.accountId === first.accountId;
}
