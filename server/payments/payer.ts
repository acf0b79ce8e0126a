/**
 * Who a wallet is at the provider: one customer and one saved card for each office's wallet, so that no office pays with another's card.
 */
import type { Office } from '../accounts/office-directory.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { PayerRow } from '../storage/rows.ts';
import { answered, type ProviderReply } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';

export async function readPayer(room: PaymentRoom, wallet: WalletAddress): Promise<PayerRow | null> {
  const row = await room.store.db
    .selectFrom('payer')
    .selectAll()
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('provider', '=', room.provider.kind)
    .executeTakeFirst();
  return row ?? null;
}

/** Makes the customer at the provider the first time. */
export async function ensurePayer(room: PaymentRoom, { account, office }: Office): Promise<ProviderReply<PayerRow>> {
  const { accountId, officeId, walletId } = office;
  const known = await readPayer(room, office);
  if (known) return answered(known);
  await room.store.openWallet({ accountId, walletId, currency: account.currency });
  const name = `${account.name}, ${office.name}`;
  const customer = await room.provider.ensureCustomer({ key: `${accountId}:${walletId}`, accountId, name });
  if (customer.outcome !== 'answered') return customer;
  const row: PayerRow = {
    accountId,
    walletId,
    provider: room.provider.kind,
    officeId,
    customerRef: customer.value,
    cardRef: null,
    card: null,
    cardGeneration: 0,
    lastGeneration: 0,
    openPaymentId: null,
    version: 1,
  };
  await room.store.writeRows([{ table: 'payer', mode: 'insert', row }]);
  // Another request may have been first.
  return answered((await readPayer(room, office)) ?? row);
}
