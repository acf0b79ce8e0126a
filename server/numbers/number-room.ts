/** What the functions of this folder work with. */
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { NumberCarrier } from '../carriers/number-carrier.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';
import type { NumberOffers } from './number-offer.ts';

export interface NumberRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly offices: OfficeDirectory;
  readonly publisher: EventPublisher;
  readonly notices: BalanceNotices;
  /** Who sells numbers beside our own inventory; null: nobody. */
  readonly carrier: NumberCarrier | null;
  readonly offers: NumberOffers;
  /** "49" for DE; null for what is no country. */
  readonly callingCodeOf: (country: string) => string | null;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
