import type { WalletAddress } from '../accounts/wallet.ts';
import type { AutoRechargeRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

/** Null: auto-recharge was never set. */
export async function readRecharge(store: Pick<Store, 'db'>, wallet: WalletAddress): Promise<AutoRechargeRow | null> {
  const row = await store.db
    .selectFrom('auto_recharge')
    .selectAll()
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .executeTakeFirst();
  return row ?? null;
}
