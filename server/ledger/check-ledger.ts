/**
 * Recomputes the ledger from what cannot be changed (entries) and from its holds, and reports each difference: the operator's
 * `ledger check`, and what every test of durability asks at its end. Reads in pages within one snapshot, so that it can run beside
 * a working server and on millions of entries. It belongs into a process of its own (the operator's command line): the snapshot
 * occupies the reading connection, for which other queries of the same store wait.
 */
import type { Store } from '../storage/store.ts';
import { type CheckProgress, type EntryLine, type HoldLine, LedgerAudit, type LedgerReport } from './ledger-audit.ts';

/** Rows read at once: some 20 ms of work, after which others have their turn. */
const PAGE_ROWS = 10_000;

export async function checkLedger(
  store: Pick<Store, 'db'>,
  { onProgress = () => undefined }: { readonly onProgress?: (progress: CheckProgress) => void } = {},
): Promise<LedgerReport> {
  return store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (db) => {
      const audit = new LedgerAudit(await countRows(db), onProgress);
      for await (const page of entryPages(db)) audit.addEntries(page);
      for await (const page of holdPages(db)) audit.addHolds(page);
      audit.compareWallets(
        await db.selectFrom('wallet').select(['accountId', 'walletId', 'balanceMicros', 'heldMicros']).execute(),
      );
      audit.compareCounters(await db.selectFrom('limit_counter').selectAll().execute());
      return audit.report();
    });
}

type Reader = Pick<Store['db'], 'selectFrom'>;

async function countRows(db: Reader): Promise<number> {
  const entries = await db
    .selectFrom('entry')
    .select(({ fn }) => fn.countAll().as('rows'))
    .executeTakeFirstOrThrow();
  const holds = await db
    .selectFrom('hold')
    .select(({ fn }) => fn.countAll().as('rows'))
    .executeTakeFirstOrThrow();
  return Number(entries.rows) + Number(holds.rows);
}

async function* entryPages(db: Reader): AsyncGenerator<readonly EntryLine[]> {
  let last = { accountId: '', operationId: '', line: 0 };
  for (;;) {
    const { accountId, operationId, line } = last;
    const page = await db
      .selectFrom('entry')
      .select(['accountId', 'operationId', 'line', 'walletId', 'ledgerAccount', 'amountMicros'])
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('accountId', 'operationId', 'line'), '>', tuple(accountId, operationId, line)),
      )
      .orderBy('accountId')
      .orderBy('operationId')
      .orderBy('line')
      .limit(PAGE_ROWS)
      .execute();
    const end = page.at(-1);
    if (end === undefined) return;
    yield page;
    last = end;
  }
}

async function* holdPages(db: Reader): AsyncGenerator<readonly HoldLine[]> {
  let last = { accountId: '', holdId: '' };
  for (;;) {
    const { accountId, holdId } = last;
    const page = await db
      .selectFrom('hold')
      .select(['accountId', 'holdId', 'walletId', 'totalMicros', 'capturedMicros', 'limits'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('accountId', 'holdId'), '>', tuple(accountId, holdId)))
      .orderBy('accountId')
      .orderBy('holdId')
      .limit(PAGE_ROWS)
      .execute();
    const end = page.at(-1);
    if (end === undefined) return;
    yield page;
    last = end;
  }
}
