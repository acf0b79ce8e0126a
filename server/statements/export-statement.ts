/** The file "Export Credit Usage" (D-27): which lines, how many, and under which name. */
import type { StatementFilter } from '../../src/protocol/statement.ts';
import type { Store } from '../storage/store.ts';
import { LINE_LIMITS, type LineWalk } from './line-query.ts';
import { walkOf } from './read-lines.ts';
import { type CsvPage, statementCsv } from './statement-csv.ts';
import type { StatementView } from './statement-view.ts';

export interface StatementExport {
  readonly fileName: string;
  /** Null where only reading them all would tell. */
  readonly rowCount: number | null;
  readonly pages: AsyncGenerator<CsvPage, void, undefined>;
}

/** Oldest first, as a chain of links is checked. */
export async function exportStatement(
  store: Pick<Store, 'db'>,
  { view, filter }: { readonly view: StatementView; readonly filter: StatementFilter },
): Promise<StatementExport> {
  const walk = await walkOf(store, { view, query: { ...filter, sort: 'time', direction: 'asc' } });
  return {
    fileName: fileName(view, filter),
    rowCount: walk === null ? 0 : walk.lineCount,
    pages: statementCsv(store, walk ?? emptyWalk(view)),
  };
}

function emptyWalk(view: StatementView): LineWalk {
  return {
    view,
    range: { firstSequence: 1, lastSequence: 0, fromMs: null, toMs: null, lineCount: 0 },
    filter: { values: [], flow: null, text: null },
    sort: 'time',
    isDescending: false,
    after: null,
    isSorted: false,
    limits: LINE_LIMITS,
  };
}

/** "usage-berlin-2026-11.csv" */
function fileName({ office }: StatementView, { month, from, to }: StatementFilter): string {
  const period = month ?? [from, to].filter((day) => day !== undefined).join('-');
  const parts = ['usage', office.office.officeId, period].filter((part) => part !== '');
  return `${parts.join('-').replaceAll(/[^A-Za-z0-9._-]/g, '_')}.csv`;
}
