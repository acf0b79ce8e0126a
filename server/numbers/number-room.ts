/** What the functions of this folder work with. */
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';

export interface NumberRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly offices: OfficeDirectory;
  readonly publisher: EventPublisher;
  readonly notices: BalanceNotices;
}
