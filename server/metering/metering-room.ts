/** What the functions of this folder work with. All state is in the store: any server can go on with any charge. */
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { NumberReader } from '../calls/rate-finder.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';

/** What a unit of a service costs; null when it has no price. */
export interface ServiceRateFinder {
  findService(query: {
    readonly service: string;
    /** Null where it goes to no number. */
    readonly number: DialableNumber | null;
    readonly licence: string | null;
    readonly atMs: number;
  }): Rate | null;
}

export interface MeteringRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly rates: ServiceRateFinder;
  readonly readNumber: NumberReader;
  readonly policy: PolicyInForce;
  readonly clock: ServerClock;
  readonly offices: OfficeDirectory;
  readonly notices: BalanceNotices;
  /** Lets auto-recharge go first where it is on (D-11); true when it may have brought credit. */
  readonly rechargeFirst: (wallet: WalletAddress) => Promise<boolean>;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
