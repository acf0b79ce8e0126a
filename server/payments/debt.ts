/**
 * What a wallet owes for refunds and disputes of credit that had been spent. A balance is never below zero: what cannot be taken at once
 * is written down here and taken from whatever comes in, before anybody can call with it.
 */
import { micros, minMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { readWallet, type WalletAddress } from '../accounts/wallet.ts';
import type { DebtRow } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';

/** Where returned money is booked to: what the provider took back. */
export const RETURNS_ACCOUNT = 'payment_returns';
const MAX_ROUNDS = 50;

export async function readDebt(room: Pick<PaymentRoom, 'store'>, wallet: WalletAddress): Promise<DebtRow | null> {
  const row = await room.store.db
    .selectFrom('debt')
    .selectAll()
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .executeTakeFirst();
  return row ?? null;
}

/** Takes what is owed from what is available. The operation is named by the debt's version, so two servers take it once. */
export async function collectDebt(room: PaymentRoom, wallet: WalletAddress): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const debt = await readDebt(room, wallet);
    const { availableMicros } = await readWallet(room.store, wallet);
    if (debt === null || debt.owedMicros === 0 || availableMicros <= 0) return;
    const amountMicros = minMicros(micros(debt.owedMicros), availableMicros);
    const paid = { ...debt, owedMicros: debt.owedMicros - amountMicros, version: debt.version + 1 };
    const result = await room.ledger.submit({
      kind: 'charge',
      operationId: `debt:${debt.walletId}:${debt.version}`,
      accountId: debt.accountId,
      walletId: debt.walletId,
      atMs: room.clock.nowMs(),
      amountMicros,
      revenueAccount: RETURNS_ACCOUNT,
      entryKind: 'payment_return',
      reference: 'debt',
      alongside: [{ table: 'debt', mode: 'next_version', row: paid }],
    });
    if (result.applied) room.notices.walletChanged(debt);
    if (result.applied && amountMicros === debt.owedMicros) return;
  }
}

/** Wallets that owe and have something. */
export async function collectDebts(room: PaymentRoom): Promise<void> {
  const owing = await room.store.db
    .selectFrom('debt')
    .innerJoin('wallet', (join) =>
      join.onRef('wallet.accountId', '=', 'debt.accountId').onRef('wallet.walletId', '=', 'debt.walletId'),
    )
    .select(['debt.accountId', 'debt.walletId'])
    .where((is) => is('debt.owedMicros', '>', is.lit(0)))
    .whereRef('wallet.balanceMicros', '>', 'wallet.heldMicros')
    .limit(MAX_WALLETS)
    .execute();
  for (const wallet of owing) await collectDebt(room, wallet);
}

/** Looked at in one round; the rest in the next. */
const MAX_WALLETS = 500;

/** The debt after more of it, as a row write; null when nothing is added. */
export function debtWrite(
  debt: DebtRow | null,
  more: WalletAddress & { readonly officeId: string; readonly owedMicros: number },
) {
  if (more.owedMicros === ZERO_MICROS) return null;
  const { accountId, walletId, officeId, owedMicros } = more;
  if (debt === null) {
    const row: DebtRow = { accountId, walletId, officeId, owedMicros, version: 1 };
    return { table: 'debt', mode: 'insert', row } as const;
  }
  const row = { ...debt, owedMicros: debt.owedMicros + owedMicros, version: debt.version + 1 };
  return { table: 'debt', mode: 'next_version', row } as const;
}
