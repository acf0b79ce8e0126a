/**
 * The ledger's tables in the order of their keys, page by page, so that millions of rows pass through a few megabytes. Every key
 * begins with the account: read side by side, the tables give all that belongs to one account before the next one begins.
 */
import type { EntryRow, HoldRow, LimitCounterRow, OperationRow, WalletRow } from '../storage/ledger-rows.ts';
import type { Store } from '../storage/store.ts';

/** Rows read at once: larger pages are no faster, and outlive the young garbage. */
const PAGE_ROWS = 500;

export type LedgerReader = Pick<Store['db'], 'selectFrom'>;
export type WalletLine = Pick<WalletRow, 'accountId' | 'walletId' | 'balanceMicros' | 'heldMicros' | 'version'>;
export type OperationLine = Pick<
  OperationRow,
  'accountId' | 'operationId' | 'walletBalanceMicros' | 'walletHeldMicros' | 'walletVersion'
>;
export type EntryLine = Pick<
  EntryRow,
  'accountId' | 'operationId' | 'line' | 'walletId' | 'ledgerAccount' | 'amountMicros'
>;
export type HoldLine = Pick<HoldRow, 'accountId' | 'holdId' | 'walletId' | 'totalMicros' | 'capturedMicros' | 'limits'>;

/** Gives the page after the row of that key, or the first page. */
export type ReadPage<Row> = (after: Row | null) => Promise<readonly Row[]>;

interface Range {
  /** null: all accounts. */
  readonly accountId: string | null;
}

export function walletPages(db: LedgerReader, { accountId }: Range): ReadPage<WalletLine> {
  return (after) => {
    let query = db
      .selectFrom('wallet')
      .select(['accountId', 'walletId', 'balanceMicros', 'heldMicros', 'version'])
      .orderBy('accountId')
      .orderBy('walletId')
      .limit(PAGE_ROWS);
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    if (after === null) return query.execute();
    return query
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('accountId', 'walletId'), '>', tuple(after.accountId, after.walletId)),
      )
      .execute();
  };
}

export function operationPages(db: LedgerReader, { accountId }: Range): ReadPage<OperationLine> {
  return (after) => {
    let query = db
      .selectFrom('operation')
      .select(['accountId', 'operationId', 'walletBalanceMicros', 'walletHeldMicros', 'walletVersion'])
      .orderBy('accountId')
      .orderBy('operationId')
      .limit(PAGE_ROWS);
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    if (after === null) return query.execute();
    return query
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('accountId', 'operationId'), '>', tuple(after.accountId, after.operationId)),
      )
      .execute();
  };
}

export function entryPages(db: LedgerReader, { accountId }: Range): ReadPage<EntryLine> {
  return (after) => {
    let query = db
      .selectFrom('entry')
      .select(['accountId', 'operationId', 'line', 'walletId', 'ledgerAccount', 'amountMicros'])
      .orderBy('accountId')
      .orderBy('operationId')
      .orderBy('line')
      .limit(PAGE_ROWS);
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    if (after === null) return query.execute();
    return query
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('accountId', 'operationId', 'line'), '>', tuple(after.accountId, after.operationId, after.line)),
      )
      .execute();
  };
}

export function holdPages(db: LedgerReader, { accountId }: Range): ReadPage<HoldLine> {
  return (after) => {
    let query = db
      .selectFrom('hold')
      .select(['accountId', 'holdId', 'walletId', 'totalMicros', 'capturedMicros', 'limits'])
      .orderBy('accountId')
      .orderBy('holdId')
      .limit(PAGE_ROWS);
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    if (after === null) return query.execute();
    return query
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('accountId', 'holdId'), '>', tuple(after.accountId, after.holdId)),
      )
      .execute();
  };
}

export function counterPages(db: LedgerReader, { accountId }: Range): ReadPage<LimitCounterRow> {
  return (after) => {
    let query = db
      .selectFrom('limit_counter')
      .select(['accountId', 'limitKey', 'used'])
      .orderBy('accountId')
      .orderBy('limitKey')
      .limit(PAGE_ROWS);
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    if (after === null) return query.execute();
    return query
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('accountId', 'limitKey'), '>', tuple(after.accountId, after.limitKey)),
      )
      .execute();
  };
}

/** How many rows there are to read, for a progress bar. */
export async function countLedgerRows(db: LedgerReader, { accountId }: Range): Promise<number> {
  let rows = 0;
  for (const table of ['wallet', 'operation', 'entry', 'hold', 'limit_counter'] as const) {
    let query = db.selectFrom(table).select(({ fn }) => fn.countAll().as('rows'));
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    rows += Number((await query.executeTakeFirstOrThrow()).rows);
  }
  return rows;
}
