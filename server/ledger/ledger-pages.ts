/**
 * The ledger's tables in the order of their keys, page by page, so that millions of rows pass through a few megabytes. Every key
 * begins with the account: read side by side, the tables give all that belongs to one account before the next one begins.
 */
import { sql } from 'kysely';
import type { EntryRow, HoldRow, LimitCounterRow, OperationRow, WalletRow } from '../storage/ledger-rows.ts';
import type { Store } from '../storage/store.ts';

/** Rows read at once: larger pages are no faster, and outlive the young garbage. */
const PAGE_ROWS = 500;

export type LedgerReader = Pick<Store['db'], 'selectFrom'>;
export type WalletLine = WalletRow;
export type OperationLine = Pick<
  OperationRow,
  'accountId' | 'operationId' | 'walletBalanceMicros' | 'walletHeldMicros' | 'walletVersion'
>;
export type EntryLine = Pick<
  EntryRow,
  'accountId' | 'operationId' | 'line' | 'walletId' | 'ledgerAccount' | 'amountMicros'
>;
/** The wallet's side of an entry, with what a link is made of. */
export type ChainLine = Pick<
  EntryRow,
  'accountId' | 'walletId' | 'operationId' | 'atMs' | 'entryKind' | 'reference' | 'amountMicros' | 'sequence'
> & {
  readonly balanceMicros: number | null;
  readonly link: string | null;
  /** null: there is no other side. */
  readonly otherAccount: string | null;
  /** Not 0 when both sides agree on what they have in common. */
  readonly isMirrored: number | boolean | null;
};
export type HoldLine = Pick<HoldRow, 'accountId' | 'holdId' | 'walletId' | 'totalMicros' | 'capturedMicros' | 'limits'>;

/** Gives the page after the row of that key, or the first page. */
export type ReadPage<Row> = (after: Row | null) => Promise<readonly Row[]>;

interface Range {
  /** null: all accounts. */
  readonly accountId: string | null;
}

export function walletPages(db: LedgerReader, { accountId }: Range): ReadPage<WalletLine> {
  return (after) => {
    let query = db.selectFrom('wallet').selectAll().orderBy('accountId').orderBy('walletId').limit(PAGE_ROWS);
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

/** Each wallet's entries in their order, by the index that statements go by. */
export function chainPages(db: LedgerReader, { accountId }: Range): ReadPage<ChainLine> {
  return (after) => {
    let query = db
      .selectFrom('entry')
      .leftJoin('entry as other', (join) =>
        join
          .onRef('other.accountId', '=', 'entry.accountId')
          .onRef('other.operationId', '=', 'entry.operationId')
          .on('other.line', '=', 1),
      )
      .select(['entry.accountId', 'entry.walletId', 'entry.operationId', 'entry.atMs', 'entry.entryKind'])
      .select(['entry.reference', 'entry.amountMicros', 'entry.sequence', 'entry.balanceMicros', 'entry.link'])
      .select(['other.ledgerAccount as otherAccount', IS_MIRRORED.as('isMirrored')])
      // Literally: SQLite does not know from a parameter that its index holds all of them.
      .where(sql<boolean>`entry.ledger_account = 'wallet'`)
      .orderBy('entry.accountId')
      .orderBy('entry.walletId')
      .orderBy('entry.sequence')
      .limit(PAGE_ROWS);
    if (accountId !== null) query = query.where('entry.accountId', '=', accountId);
    if (after === null) return query.execute();
    return query
      .where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('entry.accountId', 'entry.walletId', 'entry.sequence'),
          '>',
          tuple(after.accountId, after.walletId, after.sequence),
        ),
      )
      .execute();
  };
}

/** Only the wallet's side is linked: what the other one repeats must be the same. That amounts sum to zero is looked at elsewhere. */
const IS_MIRRORED = sql<number | boolean | null>`(other.wallet_id = entry.wallet_id AND other.sequence = entry.sequence
  AND other.entry_kind = entry.entry_kind AND other.reference = entry.reference AND other.at_ms = entry.at_ms)`;

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

/** How many rows there are to read, for a progress bar; a wallet's side of an entry is read twice. */
export async function countLedgerRows(db: LedgerReader, { accountId }: Range): Promise<number> {
  let rows = 0;
  for (const table of ['wallet', 'operation', 'entry', 'hold', 'limit_counter'] as const) {
    let query = db.selectFrom(table).select(({ fn }) => fn.countAll().as('rows'));
    if (accountId !== null) query = query.where('accountId', '=', accountId);
    rows += Number((await query.executeTakeFirstOrThrow()).rows);
  }
  let chain = db.selectFrom('entry').select(({ fn }) => fn.countAll().as('rows'));
  chain = chain.where(sql<boolean>`ledger_account = 'wallet'`);
  if (accountId !== null) chain = chain.where('accountId', '=', accountId);
  rows += Number((await chain.executeTakeFirstOrThrow()).rows);
  return rows;
}
