/**
 * Corrections never charge a card: when a wallet was brought down by a refund, a dispute or an operator, auto-recharge waits until
 * somebody really uses the phone again.
 */
import { sql } from 'kysely';
import { serviceEntryKind } from '../../src/protocol/service.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { Store } from '../storage/store.ts';

/** REQUIREMENTS F-06: what credit is used for, beside metered services. Everything else that takes money from a wallet corrects it. */
const USAGE_KINDS = ['outbound_call', 'inbound_call', 'number_purchase', 'number_renewal'] as const;
const SERVICES = `${serviceEntryKind('')}%`;

export async function isUsageSinceCorrection(store: Pick<Store, 'db'>, wallet: WalletAddress): Promise<boolean> {
  const correction = await takenFrom(store, wallet)
    .where('entryKind', 'not in', USAGE_KINDS)
    .where('entryKind', 'not like', SERVICES)
    .executeTakeFirst();
  if (!correction) return true;
  const usage = await takenFrom(store, wallet)
    .where((is) => is.or([is('entryKind', 'in', USAGE_KINDS), is('entryKind', 'like', SERVICES)]))
    .executeTakeFirst();
  return usage !== undefined && usage.sequence > correction.sequence
    ? true
    : await isCalling(store, { wallet, sinceMs: correction.atMs });
}

/** The newest first. */
function takenFrom(store: Pick<Store, 'db'>, wallet: WalletAddress) {
  return (
    store.db
      .selectFrom('entry')
      .select(['atMs', 'sequence'])
      .where('accountId', '=', wallet.accountId)
      .where('walletId', '=', wallet.walletId)
      // Literally: SQLite does not know from a parameter that its index holds all of them.
      .where(sql<boolean>`ledger_account = 'wallet'`)
      .where('amountMicros', '<', 0)
      .orderBy('sequence', 'desc')
      .limit(1)
  );
}

/** A call that holds credit and was begun since. */
async function isCalling(
  store: Pick<Store, 'db'>,
  { wallet, sinceMs }: { readonly wallet: WalletAddress; readonly sinceMs: number },
): Promise<boolean> {
  const call = await store.db
    .selectFrom('call')
    .select('callId')
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('dueAtMs', 'is not', null)
    .where('heldMicros', '>', 0)
    .where('startedAtMs', '>', sinceMs)
    .limit(1)
    .executeTakeFirst();
  return call !== undefined;
}
