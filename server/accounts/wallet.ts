/** Reading a wallet; only the ledger changes one. */
import { type Micros, micros, subtractMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { Store } from '../storage/store.ts';

export interface WalletAddress {
  readonly accountId: string;
  readonly walletId: string;
}

export interface Wallet {
  readonly balanceMicros: Micros;
  readonly heldMicros: Micros;
  readonly availableMicros: Micros;
  readonly version: number;
}

const NO_WALLET: Wallet = {
  balanceMicros: ZERO_MICROS,
  heldMicros: ZERO_MICROS,
  availableMicros: ZERO_MICROS,
  version: 0,
};

/** A wallet that was never opened is an empty one. */
export async function readWallet(store: Store, address: WalletAddress): Promise<Wallet> {
  const row = await store.db
    .selectFrom('wallet')
    .select(['balanceMicros', 'heldMicros', 'version'])
    .where('accountId', '=', address.accountId)
    .where('walletId', '=', address.walletId)
    .executeTakeFirst();
  if (!row) return NO_WALLET;
  return walletOf({ ...row, balanceMicros: micros(row.balanceMicros), heldMicros: micros(row.heldMicros) });
}

export function walletOf(state: {
  readonly balanceMicros: Micros;
  readonly heldMicros: Micros;
  readonly version: number;
}): Wallet {
  return { ...state, availableMicros: subtractMicros(state.balanceMicros, state.heldMicros) };
}
