/** All lines of a walk, page by page, each with the link of the entry before it: so a filtered file can be checked, too. */
import { sql } from 'kysely';
import { walletLink } from '../ledger/entry-link.ts';
import type { Store } from '../storage/store.ts';
import { type LinePosition, type LineWalk, lastScanned, lineQuery } from './line-query.ts';

/** Rows in memory at once. */
const PAGE_LINES = 500;

/**
 * As the database names its columns: naming those of a million rows anew would take as long as reading them. What a file only repeats
 * comes as the text that it will be: V8 keeps the texts it has made of numbers for a while, long enough to outlive a collection.
 */
export interface ExportedRow {
  readonly sequence: number;
  readonly sequence_text: string;
  readonly at_ms: string;
  readonly operation_id: string;
  readonly entry_kind: string;
  readonly reference: string;
  readonly other_account: string;
  readonly amount_micros: string;
  readonly balance_micros: string;
  readonly link: string;
  readonly group_key: string;
  readonly office_id: string;
  readonly person_name: string;
  readonly number_used: string;
  readonly other_number: string;
  readonly destination: string;
  readonly duration_seconds: number;
}

const COLUMNS = sql.raw(
  [
    'sequence',
    'CAST(sequence AS text) AS sequence_text',
    'CAST(at_ms AS text) AS at_ms',
    'operation_id',
    'entry_kind',
    'reference',
    'other_account',
    'CAST(amount_micros AS text) AS amount_micros',
    'CAST(balance_micros AS text) AS balance_micros',
    'link',
    'group_key',
    'office_id',
    'person_name',
    'number_used',
    'other_number',
    'destination',
    'duration_seconds',
  ].join(', '),
);

/** Good until the next page is asked for. */
export interface ExportedPage {
  readonly rows: readonly ExportedRow[];
  /** Of the entry before each of the rows. */
  readonly previousLinks: readonly string[];
}

/**
 * Oldest first. Ends where the wallet ended when the walk was made; lines that come meanwhile belong to the next file.
 *
 * Each page is emptied when it was used: what the driver made for a query, the result included, outlives it until all of the heap is
 * collected, and would keep every row until then (node-postgres: 90 MB more for a large file).
 */
export async function* exportedLines(
  { db }: Pick<Store, 'db'>,
  walk: LineWalk,
): AsyncGenerator<ExportedPage, void, undefined> {
  const plain = db.withoutPlugins();
  let after: LinePosition | null = null;
  do {
    const page: LineWalk = { ...walk, after };
    const { rows } = await lineQuery<ExportedRow>(page, { limit: PAGE_LINES, columns: COLUMNS }).execute(plain);
    const last = rows[PAGE_LINES - 1];
    if (rows.length > 0) yield { rows, previousLinks: await previousLinks({ db }, { walk, rows }) };
    rows.length = 0;
    after = last ? { key: last.sequence, sequence: last.sequence } : await lastScanned({ db }, page);
  } while (after !== null);
}

async function previousLinks(
  store: Pick<Store, 'db'>,
  { walk, rows }: { readonly walk: LineWalk; readonly rows: readonly ExportedRow[] },
): Promise<readonly string[]> {
  const isKnown = (row: ExportedRow, index: number) => rows[index - 1]?.sequence === row.sequence - 1;
  const missing = rows.filter((row, index) => !isKnown(row, index)).map(({ sequence }) => sequence - 1);
  const read = new Map((await readLinks(store, { walk, missing })).map(({ sequence, link }) => [sequence, link]));
  read.set(0, walletLink({ ...walk.view.mark, currency: walk.view.office.account.currency }));
  return rows.map((row, index) => {
    const link = isKnown(row, index) ? rows[index - 1]?.link : read.get(row.sequence - 1);
    if (link === undefined) throw new Error(`Line ${row.sequence - 1} is missing`);
    return link;
  });
}

async function readLinks(
  { db }: Pick<Store, 'db'>,
  { walk, missing }: { readonly walk: LineWalk; readonly missing: readonly number[] },
): Promise<readonly { readonly sequence: number; readonly link: string }[]> {
  if (missing.length === 0) return [];
  return await db
    .selectFrom('statement_line')
    .select(['sequence', 'link'])
    .where('accountId', '=', walk.view.mark.accountId)
    .where('walletId', '=', walk.view.mark.walletId)
    .where('sequence', 'in', missing)
    .execute();
}
