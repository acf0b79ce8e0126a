/** The same file for the operator: every office of an account, or of all accounts, one wallet after the other. */
import type { StatementPeriod } from '../../src/protocol/statement.ts';
import type { Store } from '../storage/store.ts';
import { caughtUp } from './caught-up.ts';
import { walkOf } from './read-lines.ts';
import { CSV_HEADER, statementCsv } from './statement-csv.ts';
import type { StatementView } from './statement-view.ts';

export interface WalletsToExport {
  /** Null: of all accounts, or of all offices. */
  readonly accountId: string | null;
  readonly officeId: string | null;
  readonly period: StatementPeriod;
}

export interface ExportProgress {
  readonly done: number;
  readonly total: number;
}

/** One header, then the rows of each wallet in their order. */
export async function* exportWallets(
  store: Store,
  { onProgress, ...wanted }: WalletsToExport & { readonly onProgress: (progress: ExportProgress) => void },
): AsyncGenerator<string, void, undefined> {
  const views = await viewsOf(store, wanted);
  const walks = await Promise.all(
    views.map((view) => walkOf(store, { view, query: { ...wanted.period, sort: 'time', direction: 'asc' } })),
  );
  const total = walks.reduce((sum, walk) => sum + (walk?.lineCount ?? 0), 0);
  let done = 0;
  yield CSV_HEADER;
  for (const walk of walks) {
    if (walk === null) continue;
    for await (const { text, rowCount } of statementCsv(store, walk)) {
      if (rowCount === 0) continue;
      yield text;
      done += rowCount;
      onProgress({ done, total });
    }
  }
}

async function viewsOf(
  store: Store,
  { accountId, officeId }: Omit<WalletsToExport, 'period'>,
): Promise<StatementView[]> {
  let query = store.db.selectFrom('office').selectAll().orderBy('accountId').orderBy('officeId');
  if (accountId !== null) query = query.where('accountId', '=', accountId);
  if (officeId !== null) query = query.where('officeId', '=', officeId);
  const accounts = new Map(
    (await store.db.selectFrom('account').selectAll().execute()).map((row) => [row.accountId, row]),
  );
  const views: StatementView[] = [];
  for (const office of await query.execute()) {
    const account = accounts.get(office.accountId);
    if (account === undefined) throw new Error(`${office.officeId} has no account`);
    const mark = await caughtUp(store, { ...office, timeZone: account.timeZone }, Number.POSITIVE_INFINITY);
    if (mark === null) throw new Error(`The lines of ${office.officeId} could not be made`);
    views.push({ mark, office: { account, office, ownNumbers: [], accountNumbers: new Set() } });
  }
  return views;
}
