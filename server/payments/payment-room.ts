/** What the functions of this folder work with. */

import type { BalanceReader } from '../accounts/balance.ts';
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { EventPublisher, ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';
import type { PaymentNotices } from './payment-notices.ts';
import type { PaymentProvider } from './payment-provider.ts';

export interface PaymentRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly offices: OfficeDirectory;
  readonly balance: BalanceReader;
  /** Balances, to every open widget. */
  readonly notices: BalanceNotices;
  readonly publisher: EventPublisher;
  /** Final leases of this wallet can grow now. */
  readonly creditArrived: (wallet: WalletAddress) => void;
  /** What people and operators should be told beyond the screen: mail, banner, alarm. */
  readonly tell: PaymentNotices;
  readonly provider: PaymentProvider;
  readonly newId: () => string;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
