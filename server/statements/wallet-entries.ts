/** The ledger's entries of one wallet in their order, both lines of each together. */
import type { WalletAddress } from '../accounts/wallet.ts';
import { WALLET_LEDGER_ACCOUNT } from '../ledger/operation.ts';
import type { Store } from '../storage/store.ts';

export interface WalletEntry {
  readonly accountId: string;
  readonly walletId: string;
  readonly sequence: number;
  readonly atMs: number;
  readonly operationId: string;
  readonly entryKind: string;
  readonly reference: string;
  readonly otherAccount: string;
  readonly amountMicros: number;
  readonly balanceMicros: number;
  readonly link: string;
}

/** Those after `sequence`, at most `limit`, without a gap: an entry is visible when all before it are. */
export async function walletEntriesAfter(
  { db }: Pick<Store, 'db'>,
  { wallet, sequence, limit }: { readonly wallet: WalletAddress; readonly sequence: number; readonly limit: number },
): Promise<readonly WalletEntry[]> {
  const rows = await db
    .selectFrom('entry')
    .innerJoin('entry as other', (join) =>
      join
        .onRef('other.accountId', '=', 'entry.accountId')
        .onRef('other.operationId', '=', 'entry.operationId')
        .on('other.line', '=', 1),
    )
    .select([
      'entry.accountId',
      'entry.walletId',
      'entry.sequence',
      'entry.atMs',
      'entry.operationId',
      'entry.entryKind',
      'entry.reference',
      'other.ledgerAccount as otherAccount',
      'entry.amountMicros',
      'entry.balanceMicros',
      'entry.link',
    ])
    .where('entry.accountId', '=', wallet.accountId)
    .where('entry.walletId', '=', wallet.walletId)
    .where('entry.ledgerAccount', '=', WALLET_LEDGER_ACCOUNT)
    .where('entry.sequence', '>', sequence)
    .orderBy('entry.sequence')
    .limit(limit)
    .execute();
  return rows.map((row, index) => {
    if (row.balanceMicros === null || row.link === null) throw new Error(`${row.operationId} has no balance or link`);
    // A hole would be a line that is missing for ever.
    if (row.sequence !== sequence + 1 + index) throw new Error(`${row.walletId} has no entry ${sequence + 1 + index}`);
    return { ...row, balanceMicros: row.balanceMicros, link: row.link };
  });
}
