/**
 * Tells every open widget of an office that its balance changed (C-17). The first change is told at once, those that follow within a
 * quarter of a second together: an event carries the whole state, and a busy office has hundreds of changes a second. A balance that
 * nobody would hear of is not even read: whoever opens a widget asks for it, and who comes back is told by
 * events/balance-watch.ts.
 */
import type { After, EventPublisher } from '../services.ts';
import type { BalanceReader } from './balance.ts';
import type { OfficeAddress } from './office-directory.ts';

export interface BalanceNotices {
  walletChanged(address: OfficeAddress): void;
  /** Another server has told of a change. */
  walletChangedElsewhere(address: OfficeAddress): void;
}

const TOGETHER_MS = 250;

export function createBalanceNotices(world: {
  readonly balance: BalanceReader;
  readonly publisher: EventPublisher;
  readonly after: After;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}): BalanceNotices {
  /** Offices that were told a moment ago, with whether there is something new to tell, and to whom. */
  const recent = new Map<string, Told>();

  function tell(address: OfficeAddress, isOurs: boolean): void {
    const key = JSON.stringify([address.accountId, address.officeId]);
    const told: Told = { hasNews: false, hasOwnNews: false };
    recent.set(key, told);
    if (isOurs) world.publisher.balanceChanged?.(address);
    publish(address).catch((cause: unknown) => world.log('a balance could not be told', { cause }));
    world.after(TOGETHER_MS, () => {
      recent.delete(key);
      if (told.hasNews) tell(address, told.hasOwnNews);
    });
  }

  async function publish({ accountId, officeId }: OfficeAddress): Promise<void> {
    if (world.publisher.isHeard?.({ accountId, officeId }) === false) return;
    const balance = await world.balance.read({ accountId, officeId });
    if (balance) world.publisher.publish({ accountId, officeId, personId: null }, { type: 'balance', balance });
  }

  function changed(address: OfficeAddress, isOurs: boolean): void {
    const told = recent.get(JSON.stringify([address.accountId, address.officeId]));
    if (told) {
      told.hasNews = true;
      told.hasOwnNews ||= isOurs;
    } else tell(address, isOurs);
  }

  return {
    walletChanged: (address) => changed(address, true),
    walletChangedElsewhere: (address) => changed(address, false),
  };
}

interface Told {
  hasNews: boolean;
  /** Other servers do not know of it yet. */
  hasOwnNews: boolean;
}
