/** Wallets whose lines are not up to their last entry, and periodic work that makes them so. */
import { sql } from 'kysely';
import type { Store } from '../storage/store.ts';
import { caughtUp } from './caught-up.ts';
import type { ProjectedWallet } from './project-wallet.ts';

/** Wallets of one round; the next round takes the others. */
const MAX_WALLETS = 200;

/** Rejects when something is wrong with a wallet, but only after all the others had their turn. */
export async function projectBehind(store: Store): Promise<void> {
  const causes: unknown[] = [];
  for (const wallet of await behindWallets(store)) {
    await caughtUp(store, wallet).catch((cause: unknown) => causes.push(cause));
  }
  const [cause] = causes;
  if (causes.length > 0) throw new Error(`No lines could be made of ${causes.length} wallets: ${cause}`, { cause });
}

async function behindWallets({ db }: Pick<Store, 'db'>): Promise<readonly ProjectedWallet[]> {
  return await officeWallets({ db })
    .leftJoin('statement_mark', (join) =>
      join
        .onRef('statement_mark.accountId', '=', 'wallet.accountId')
        .onRef('statement_mark.walletId', '=', 'wallet.walletId'),
    )
    .where(({ eb, fn, ref, or }) =>
      or([
        eb('wallet.entryCount', '>', fn.coalesce('statement_mark.sequence', sql<number>`0`)),
        eb('statement_mark.timeZone', '<>', ref('account.timeZone')),
      ]),
    )
    .limit(MAX_WALLETS)
    .execute();
}

/** Every wallet with the office whose it is. */
export function officeWallets({ db }: Pick<Store, 'db'>) {
  return db
    .selectFrom('wallet')
    .innerJoin('office', (join) =>
      join.onRef('office.accountId', '=', 'wallet.accountId').onRef('office.walletId', '=', 'wallet.walletId'),
    )
    .innerJoin('account', 'account.accountId', 'wallet.accountId')
    .select(['wallet.accountId', 'wallet.walletId', 'office.officeId', 'account.timeZone']);
}
