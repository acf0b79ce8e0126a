/** Looks for wallets whose auto-recharge is due. Every server may: the reservation lets one of them charge. */
import type { WalletAddress } from '../accounts/wallet.ts';
import type { PaymentRoom } from './payment-room.ts';
import { rechargeWallet } from './recharge-wallet.ts';

const MAX_WALLETS = 200;
/** A wallet that was looked at without a charge is looked at again after so long, or when it changes. */
const LOOK_AGAIN_MS = 60_000;
const MAX_REMEMBERED = 10_000;

export class RechargeRounds {
  readonly #room: PaymentRoom;
  readonly #looked = new Map<string, { readonly state: string; readonly untilMs: number }>();

  constructor(room: PaymentRoom) {
    this.#room = room;
  }

  async round(): Promise<void> {
    const due = (await this.#dueWallets()).filter((wallet) => this.#isNews(wallet));
    await Promise.all(
      due.map(async (wallet) => {
        try {
          await rechargeWallet(this.#room, { wallet, wasJustSaved: false });
        } catch (cause) {
          // One wallet must not keep the others waiting; it is due again in the next round.
          this.#looked.delete(keyOf(wallet));
          this.#room.log('an auto-recharge could not be made', { walletId: wallet.walletId, cause: String(cause) });
        }
      }),
    );
  }

  #dueWallets(): Promise<readonly DueWallet[]> {
    const nowMs = this.#room.clock.nowMs();
    return (
      this.#room.store.db
        .selectFrom('auto_recharge')
        .innerJoin('wallet', (join) =>
          join
            .onRef('wallet.accountId', '=', 'auto_recharge.accountId')
            .onRef('wallet.walletId', '=', 'auto_recharge.walletId'),
        )
        .select([
          'auto_recharge.accountId',
          'auto_recharge.walletId',
          'auto_recharge.version as settingsVersion',
          'wallet.version as walletVersion',
        ])
        // Literally: SQLite does not know from a parameter that its index holds all of them.
        .where((is) => is('auto_recharge.isOn', '=', is.lit(true)))
        .where('auto_recharge.pause', 'is', null)
        .where('auto_recharge.inFlightPaymentId', 'is', null)
        .where('auto_recharge.notBeforeMs', '<=', nowMs)
        .whereRef('wallet.balanceMicros', '<=', ({ eb }) =>
          eb('wallet.heldMicros', '+', eb.ref('auto_recharge.thresholdMicros')),
        )
        .limit(MAX_WALLETS)
        .execute()
    );
  }

  #isNews(wallet: DueWallet): boolean {
    const nowMs = this.#room.clock.nowMs();
    const state = `${wallet.walletVersion} ${wallet.settingsVersion}`;
    const known = this.#looked.get(keyOf(wallet));
    if (known?.state === state && nowMs < known.untilMs) return false;
    if (this.#looked.size >= MAX_REMEMBERED) this.#looked.clear();
    this.#looked.set(keyOf(wallet), { state, untilMs: nowMs + LOOK_AGAIN_MS });
    return true;
  }
}

interface DueWallet extends WalletAddress {
  readonly settingsVersion: number;
  readonly walletVersion: number;
}

function keyOf({ accountId, walletId }: WalletAddress): string {
  return JSON.stringify([accountId, walletId]);
}
