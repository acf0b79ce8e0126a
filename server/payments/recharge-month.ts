/** What auto-recharge took in the office's running day and month. */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { Store } from '../storage/store.ts';

export interface RechargedSoFar {
  readonly today: { readonly count: number };
  /** `name` is "2026-11". */
  readonly month: { readonly name: string; readonly takenMicros: number };
}

/** Longer than any month in any time zone. */
const LOOKED_BACK_MS = 33 * 24 * 3600 * MILLISECONDS_PER_SECOND;

/** A payment that failed took nothing; one whose end is not known counts as taken. */
export async function rechargedSoFar(
  store: Pick<Store, 'db'>,
  of: WalletAddress & { readonly timeZone: string; readonly nowMs: number },
): Promise<RechargedSoFar> {
  const payments = await store.db
    .selectFrom('payment')
    .select(['amountMicros', 'createdAtMs'])
    .where('accountId', '=', of.accountId)
    .where('walletId', '=', of.walletId)
    .where('createdAtMs', '>', of.nowMs - LOOKED_BACK_MS)
    .where('kind', '=', 'auto_recharge')
    .where('status', 'in', ['pending', 'requires_action', 'succeeded'])
    .execute();
  const dayOf = localDays(of.timeZone);
  const today = dayOf(of.nowMs);
  const sameMonth = payments.filter(({ createdAtMs }) => dayOf(createdAtMs).slice(0, 7) === today.slice(0, 7));
  return {
    today: { count: sameMonth.filter(({ createdAtMs }) => dayOf(createdAtMs) === today).length },
    month: { name: today.slice(0, 7), takenMicros: sameMonth.reduce((sum, { amountMicros }) => sum + amountMicros, 0) },
  };
}

/** "2026-11-21": Sweden writes dates as ISO 8601 does. */
function localDays(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (atMs) => format.format(atMs);
}
