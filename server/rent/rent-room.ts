/** What the functions of this folder work with. */
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, ServerClock } from '../services.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface RentRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly offices: OfficeDirectory;
  readonly publisher: EventPublisher;
  readonly notices: BalanceNotices;
  /**
   * Gives a number back to where it came from: a carrier, or the inventory, where it is for sale again by itself. Answers with the
   * row as it is when that is done; null: asked again later, as often as it takes.
   */
  readonly giveBack: (owned: NumberOwnerRow) => Promise<NumberOwnerRow | null>;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
