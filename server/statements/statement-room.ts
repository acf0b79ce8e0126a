import type { OfficeDirectory } from '../accounts/office-directory.ts';
import type { ServerClock } from '../services.ts';
import type { Store } from '../storage/store.ts';

export interface StatementRoom {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly offices: Pick<OfficeDirectory, 'find'>;
}
