/**
 * Auto-recharge before a refusal (D-11): what is about to be refused for lack of credit waits until the card has been asked. All that wait
 * for one wallet at this server wait for the same charge; one that another server has begun is waited for, too, for a while.
 */
import type { WalletAddress } from '../accounts/wallet.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readRecharge } from './read-recharge.ts';
import { rechargeWallet } from './recharge-wallet.ts';

const MOST_LOOKS = 30;
const LOOK_AGAIN_MS = 100;

export function rechargeNow(room: PaymentRoom): (wallet: WalletAddress) => Promise<boolean> {
  const underWay = new Map<string, Promise<boolean>>();
  return (wallet) => {
    const key = JSON.stringify([wallet.accountId, wallet.walletId]);
    const known = underWay.get(key);
    if (known) return known;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    underWay.set(key, promise);
    rechargeOnce(room, wallet)
      .finally(() => underWay.delete(key))
      .then(resolve, reject);
    return promise;
  };
}

async function rechargeOnce(room: PaymentRoom, wallet: WalletAddress): Promise<boolean> {
  const { accountId, walletId } = wallet;
  const done = await rechargeWallet(room, { wallet: { accountId, walletId }, wasJustSaved: false });
  if ('payment' in done) return done.payment.status === 'succeeded' || (await isOver(room, wallet));
  return done.reason === 'in_flight' || done.reason === 'taken_by_another' ? await isOver(room, wallet) : false;
}

/** True when the charge that is under way has come to an end, whichever. */
async function isOver(room: PaymentRoom, wallet: WalletAddress): Promise<boolean> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const settings = await readRecharge(room.store, wallet);
    if (settings?.inFlightPaymentId === null) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return false;
}
