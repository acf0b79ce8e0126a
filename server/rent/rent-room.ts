/** What the functions of this folder work with. */
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';

export interface ReturnedNumber {
  readonly accountId: string;
  /** E.164. */
  readonly number: string;
  /** Of whoever had it until now. */
  readonly purchaseId: string;
}

export interface RentRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly offices: OfficeDirectory;
  readonly publisher: EventPublisher;
  readonly notices: BalanceNotices;
  /**
   * Gives a number back to where it came from: a carrier, or the inventory, where it is for sale again by itself. True when it is done;
   * asked again later otherwise, as often as it takes.
   */
  readonly giveBack: (number: ReturnedNumber) => Promise<boolean>;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
