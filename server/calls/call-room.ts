/** What the functions of this folder work with. All state is in the store: any server can go on with any call. */
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { CallGrants } from '../edge/call-grant.ts';
import type { EdgeCommands } from '../edge/edge-contract.ts';
import type { Ledger } from '../ledger/operation.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';
import type { CallExtras } from './call-extras.ts';
import type { CallNotices } from './call-notices.ts';
import type { NumberReader, RateFinder } from './rate-finder.ts';

export interface CallRoom {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly rates: RateFinder;
  readonly readNumber: NumberReader;
  /** ISO 3166-1 alpha-2; null for short numbers. */
  readonly countryOf: (number: DialableNumber) => string | null;
  readonly policy: PolicyInForce;
  readonly clock: ServerClock;
  readonly offices: OfficeDirectory;
  readonly grants: CallGrants;
  readonly edgeCommands: EdgeCommands;
  readonly notices: CallNotices;
  readonly extras: CallExtras;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}
