/** While a bank decides about a payment of an office, its paid calls are paused, and nobody of the office can lift that. */
import type { OfficeRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { WalletAddress } from './wallet.ts';

/** Who paused calling, as the widgets show it. An admin's own pause is left alone. */
export const DISPUTE_PAUSED_BY = 'the bank';

export async function hasOpenDispute(
  room: { readonly store: Pick<Store, 'db'> },
  wallet: WalletAddress,
): Promise<boolean> {
  const row = await room.store.db
    .selectFrom('payment')
    .select('paymentId')
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('isDisputed', '=', true)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export function pausedByBank(office: OfficeRow, atMs: number): OfficeRow {
  return { ...office, pausedAtMs: atMs, pausedByName: DISPUTE_PAUSED_BY };
}
