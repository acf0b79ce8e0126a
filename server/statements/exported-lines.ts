/** All lines of a walk, page by page, each with the link of the entry before it: so a filtered file can be checked, too. */
import { walletLink } from '../ledger/entry-link.ts';
import type { StatementLineRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type LinePosition, type LineWalk, lastScanned, linesOf, positionOf } from './line-query.ts';

/** Rows in memory at once. */
const PAGE_LINES = 500;

export interface ExportedLine extends StatementLineRow {
  readonly previousLink: string;
}

/** Ends where the wallet ended when the walk was made; lines that come meanwhile belong to the next file. */
export async function* exportedLines(
  store: Pick<Store, 'db'>,
  walk: LineWalk,
): AsyncGenerator<readonly ExportedLine[], void, undefined> {
  let after: LinePosition | null = null;
  do {
    const page: LineWalk = { ...walk, after };
    const rows = await linesOf(store, page, PAGE_LINES);
    if (rows.length > 0) yield await withPreviousLinks(store, { walk, rows });
    const last = rows[PAGE_LINES - 1];
    after = last ? positionOf(last, walk.sort) : await lastScanned(store, page);
  } while (after !== null);
}

async function withPreviousLinks(
  store: Pick<Store, 'db'>,
  { walk, rows }: { readonly walk: LineWalk; readonly rows: readonly StatementLineRow[] },
): Promise<readonly ExportedLine[]> {
  const links = new Map(rows.map(({ sequence, link }) => [sequence, link]));
  links.set(0, walletLink({ ...walk.view.mark, currency: walk.view.office.account.currency }));
  const missing = rows.map(({ sequence }) => sequence - 1).filter((sequence) => !links.has(sequence));
  for (const { sequence, link } of await readLinks(store, { walk, missing })) links.set(sequence, link);
  return rows.map((row) => {
    const previousLink = links.get(row.sequence - 1);
    if (previousLink === undefined) throw new Error(`Line ${row.sequence - 1} is missing`);
    return { ...row, previousLink };
  });
}

async function readLinks(
  { db }: Pick<Store, 'db'>,
  { walk, missing }: { readonly walk: LineWalk; readonly missing: readonly number[] },
): Promise<readonly Pick<StatementLineRow, 'sequence' | 'link'>[]> {
  if (missing.length === 0) return [];
  return await db
    .selectFrom('statement_line')
    .select(['sequence', 'link'])
    .where('accountId', '=', walk.view.mark.accountId)
    .where('walletId', '=', walk.view.mark.walletId)
    .where('sequence', 'in', missing)
    .execute();
}
