/**
 * Makes lines and sums of a wallet's entries, in the order of their sequence, each exactly once:
 *
 *   mark: up to 500 ── entries 501 to 900 ── lines, sums, mark: up to 900        all in one write, or nothing
 *
 * Two who do it at once read the same mark; the write of the second one meets the next version of it, and is not made. Whatever is lost
 * or wrong here can be made again from the ledger: `rebuild` begins a new epoch at the first entry.
 */
import type { WalletAddress } from '../accounts/wallet.ts';
import type { RowWrite, StatementMarkRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { sumsWith } from './day-sums.ts';
import { knownFacts } from './known-entries.ts';
import { localDays } from './local-days.ts';
import { statementLine } from './statement-line.ts';
import { walletEntriesAfter } from './wallet-entries.ts';

/** Entries in one write: with more of them, other writers of a SQLite file would notice. */
const STEP_ENTRIES = 400;

export interface ProjectedWallet extends WalletAddress {
  readonly officeId: string;
  /** The account's. */
  readonly timeZone: string;
}

/** One step. `isBehind`: there may be more; also when somebody else was faster. */
export async function projectStep(
  store: Store,
  wallet: ProjectedWallet,
): Promise<{ readonly mark: StatementMarkRow; readonly isBehind: boolean }> {
  const stored = await readMark(store, wallet);
  // Days of another time zone are other days.
  const mark = stored?.timeZone === wallet.timeZone ? stored : nextEpoch(stored, wallet);
  const entries = await walletEntriesAfter(store, { wallet, sequence: mark.sequence, limit: STEP_ENTRIES });
  const last = entries.at(-1);
  if (last === undefined) return { mark, isBehind: false };
  const facts = await knownFacts(store, entries);
  const lines = entries.map((entry) =>
    statementLine(entry, { facts: facts.get(entry.operationId) ?? {}, officeId: wallet.officeId }),
  );
  const sums = await sumsWith(store, { lines, dayOf: (atMs) => localDays(wallet.timeZone).dayOf(atMs), mark });
  const moved: StatementMarkRow = { ...mark, sequence: last.sequence, version: (stored?.version ?? 0) + 1 };
  const writes: RowWrite[] = [
    // First: with a mark that has moved meanwhile nothing else is tried.
    { table: 'statement_mark', mode: stored ? 'next_version' : 'insert', row: moved },
    ...sums.map((row) => ({ table: 'statement_sum', mode: 'upsert', row }) as const),
    // The lines of an earlier epoch are there already.
    ...lines.map((row) => ({ table: 'statement_line', mode: mark.epoch === 1 ? 'insert' : 'upsert', row }) as const),
  ];
  const { applied } = await store.writeRows(writes);
  return applied ? { mark: moved, isBehind: entries.length === STEP_ENTRIES } : { mark, isBehind: true };
}

/** Begins again at the first entry: lines and sums count for nothing until they are made again. */
export async function forgetProjection(store: Store, wallet: ProjectedWallet): Promise<void> {
  for (;;) {
    const stored = await readMark(store, wallet);
    if (stored === null) return;
    const row = { ...nextEpoch(stored, wallet), version: stored.version + 1 };
    if ((await store.writeRows([{ table: 'statement_mark', mode: 'next_version', row }])).applied) return;
  }
}

function nextEpoch(stored: StatementMarkRow | null, { accountId, walletId, timeZone }: ProjectedWallet) {
  const { epoch, version } = stored ?? { epoch: 0, version: 0 };
  return { accountId, walletId, sequence: 0, epoch: epoch + 1, timeZone, version };
}

async function readMark(
  { db }: Pick<Store, 'db'>,
  { accountId, walletId }: WalletAddress,
): Promise<StatementMarkRow | null> {
  const mark = await db
    .selectFrom('statement_mark')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('walletId', '=', walletId)
    .executeTakeFirst();
  return mark ?? null;
}
