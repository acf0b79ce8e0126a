/** One line with the reason of its amount, and the other lines of the same call (F-07). */
import type { ExplainedLine } from '../../src/protocol/statement.ts';
import type { StatementLineRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { explainLine, relatedReferences } from './known-entries.ts';
import { readOfficeNames } from './office-names.ts';
import { shownLine } from './read-lines.ts';
import type { StatementView } from './statement-view.ts';

/** Far more extras than a call has. */
const MAX_RELATED = 50;

export async function explainStatementLine(
  store: Pick<Store, 'db'>,
  { view, sequence }: { readonly view: StatementView; readonly sequence: number },
): Promise<ExplainedLine | null> {
  const line = await linesOf(store, view).where('sequence', '=', sequence).executeTakeFirst();
  if (line === undefined) return null;
  const names = await readOfficeNames(store, view);
  return {
    currency: view.office.account.currency,
    timeZone: view.mark.timeZone,
    line: shownLine(line, names),
    explanation: await explainLine(store, line),
    related: (await relatedLines(store, { view, line })).map((row) => shownLine(row, names)),
  };
}

async function relatedLines(
  store: Pick<Store, 'db'>,
  { view, line }: { readonly view: StatementView; readonly line: StatementLineRow },
): Promise<readonly StatementLineRow[]> {
  if (line.flow !== 'usage') return [];
  return await linesOf(store, view)
    .where('reference', 'in', await relatedReferences(store, line))
    .where('sequence', '<>', line.sequence)
    .orderBy('sequence')
    .limit(MAX_RELATED)
    .execute();
}

function linesOf({ db }: Pick<Store, 'db'>, { mark }: StatementView) {
  return db
    .selectFrom('statement_line')
    .selectAll()
    .where('accountId', '=', mark.accountId)
    .where('walletId', '=', mark.walletId)
    .where('sequence', '<=', mark.sequence);
}
