/** What the functions of this folder work with. */
import type { Ledger } from '../ledger/operation.ts';
import type { BalanceReader } from './balance.ts';
import type { BalanceNotices } from './balance-notices.ts';
import type { CreditRequestRoom } from './credit-requests.ts';
import type { OfficeDirectory } from './office-directory.ts';
import type { People } from './people.ts';
import type { WalletAddress } from './wallet.ts';

/** Where the widgets' SIP lines connect to. */
export interface LineAddress {
  /** Domain part of the SIP address, e.g. "phone.example". */
  readonly sipDomain: string;
  readonly webSocketUrl: string;
  readonly credentialsSeconds: number;
  readonly iceServers: readonly { readonly urls: readonly string[] }[];
}

export interface AccountRoom extends CreditRequestRoom {
  readonly ledger: Ledger;
  readonly offices: OfficeDirectory;
  readonly people: People;
  readonly balance: BalanceReader;
  readonly notices: BalanceNotices;
  /** Final leases of this wallet can grow now. */
  readonly creditArrived: (wallet: WalletAddress) => void;
  readonly line: LineAddress;
  readonly lineSecret: string;
  /** True lets admins add play credit. */
  readonly isDemo: boolean;
}
