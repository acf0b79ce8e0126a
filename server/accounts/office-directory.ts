/**
 * Accounts, offices and the numbers they own, as calls need them. Read from the store and kept for a second at most, so that a busy
 * office is not read again for each call; whoever changes an office forgets it here and at the other servers.
 */
import type { EventPublisher, Identity, ServerClock } from '../services.ts';
import type { AccountRow, OfficeRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

/** A number that works: not one on hold. */
export interface OfficeNumber {
  /** E.164. */
  readonly number: string;
  /** Whose it is within the office; null: everybody's. */
  readonly personId: string | null;
}

export interface Office {
  readonly account: AccountRow;
  readonly office: OfficeRow;
  /** The office's own, in the order in which they were bought. */
  readonly ownNumbers: readonly OfficeNumber[];
  /** E.164, those of all offices of the account: calls to them stay in the house. */
  readonly accountNumbers: ReadonlySet<string>;
}

export type OfficeAddress = Pick<Identity, 'accountId' | 'officeId'>;

export interface OfficeDirectory {
  /** Null when there is no such office. */
  find(address: OfficeAddress): Promise<Office | null>;
  /** All offices of the account: they know of each other's numbers. */
  forget(account: Pick<OfficeAddress, 'accountId'>): void;
  /** This server has changed something of the account: forgotten here and everywhere. */
  changed(account: Pick<OfficeAddress, 'accountId'>): void;
}

interface Kept {
  readonly readAtMs: number;
  readonly office: Promise<Office | null>;
  readonly ofAccount: string;
}

/** Another server's change is seen after so long even when no word of it comes. */
const KEPT_MS = 1_000;
const MAX_KEPT = 10_000;

export function createOfficeDirectory(world: {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly publisher: Pick<EventPublisher, 'officesChanged'>;
}): OfficeDirectory {
  const kept = new Map<string, Kept>();
  const forget = ({ accountId }: Pick<OfficeAddress, 'accountId'>) => {
    for (const [key, { ofAccount }] of kept) if (ofAccount === accountId) kept.delete(key);
  };
  const keyOf = (address: OfficeAddress) => JSON.stringify([address.accountId, address.officeId]);
  return {
    find: (address) => {
      const nowMs = world.clock.nowMs();
      const known = kept.get(keyOf(address));
      if (known && Math.abs(nowMs - known.readAtMs) < KEPT_MS) return known.office;
      if (kept.size >= MAX_KEPT) kept.clear();
      const office = readOffice(world.store, address);
      kept.set(keyOf(address), { readAtMs: nowMs, office, ofAccount: address.accountId });
      office.catch(() => kept.delete(keyOf(address)));
      return office;
    },
    forget,
    changed: (account) => {
      forget(account);
      world.publisher.officesChanged?.(account);
    },
  };
}

async function readOffice(store: Store, { accountId, officeId }: OfficeAddress): Promise<Office | null> {
  const [account, office, owned] = await Promise.all([
    store.db.selectFrom('account').selectAll().where('accountId', '=', accountId).executeTakeFirst(),
    store.db
      .selectFrom('office')
      .selectAll()
      .where('accountId', '=', accountId)
      .where('officeId', '=', officeId)
      .executeTakeFirst(),
    store.db
      .selectFrom('number_owner')
      .select(['number', 'officeId', 'personId'])
      .where('accountId', '=', accountId)
      .where('state', 'in', ['active', 'late'])
      .orderBy('purchasedAtMs')
      .orderBy('number')
      .execute(),
  ]);
  if (!account || !office) return null;
  return {
    account,
    office,
    ownNumbers: owned
      .filter((number) => number.officeId === officeId)
      .map(({ number, personId }) => ({ number, personId })),
    accountNumbers: new Set(owned.map(({ number }) => number)),
  };
}
