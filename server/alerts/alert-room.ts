/** What the functions of this folder work with. */
import type { OfficeAddress, OfficeDirectory } from '../accounts/office-directory.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';

export interface AlertRoom {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly offices: OfficeDirectory;
  readonly publisher: EventPublisher;
  /** Every open widget of the office is told its balance, and what works. */
  readonly balanceChanged: (office: OfficeAddress) => void;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
