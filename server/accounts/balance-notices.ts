/**
 * Tells every open widget of an office that its balance changed (C-17). The first change is told at once, those that follow within a
 * quarter of a second together: an event carries the whole state, and a busy office has hundreds of changes a second. Leases that grow
 * are told together for a second, because the credit was there for the call before, too. A balance that nobody would hear of is
 * not even read: whoever opens a widget asks for it, and who comes back is told by events/balance-watch.ts.
 */
import type { After, EventPublisher } from '../services.ts';
import type { BalanceReader } from './balance.ts';
import type { OfficeAddress } from './office-directory.ts';

export interface BalanceNotices {
  walletChanged(address: OfficeAddress): void;
  /** A running call holds more than before; nothing was added, taken or given back. */
  leaseGrew(address: OfficeAddress): void;
  /** Another server has told of a change. */
  walletChangedElsewhere(address: OfficeAddress): void;
}

const TOGETHER_MS = 250;
const LEASES_TOGETHER_MS = 1_000;

export function createBalanceNotices(world: {
  readonly balance: BalanceReader;
  readonly publisher: EventPublisher;
  readonly after: After;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}): BalanceNotices {
  /** Offices that were told within the last second. */
  const recent = new Map<string, Told>();
  const inTurns = createTurns();

  function tell(address: OfficeAddress, isOurs: boolean): void {
    const key = keyOf(address);
    const told: Told = { mayBeToldAgain: false, hasNews: false, hasGrownLeases: false, hasOwnNews: false };
    recent.set(key, told);
    if (isOurs) world.publisher.balanceChanged?.(address);
    inTurns(() => {
      publish(address).catch((cause: unknown) => world.log('a balance could not be told', { cause }));
    });
    world.after(TOGETHER_MS, () => {
      told.mayBeToldAgain = true;
      if (told.hasNews && recent.get(key) === told) tell(address, told.hasOwnNews);
    });
    world.after(LEASES_TOGETHER_MS, () => {
      if (recent.get(key) !== told) return;
      recent.delete(key);
      if (told.hasGrownLeases) tell(address, told.hasOwnNews);
    });
  }

  async function publish({ accountId, officeId }: OfficeAddress): Promise<void> {
    if (world.publisher.isHeard?.({ accountId, officeId }) === false) return;
    const balance = await world.balance.read({ accountId, officeId });
    if (balance) world.publisher.publish({ accountId, officeId, personId: null }, { type: 'balance', balance });
  }

  function changed(address: OfficeAddress, isOurs: boolean): void {
    const told = recent.get(keyOf(address));
    if (told === undefined || told.mayBeToldAgain) tell(address, isOurs || told?.hasOwnNews === true);
    else {
      told.hasNews = true;
      told.hasOwnNews ||= isOurs;
    }
  }

  function leaseGrew(address: OfficeAddress): void {
    const told = recent.get(keyOf(address));
    if (told === undefined) tell(address, true);
    else {
      told.hasGrownLeases = true;
      told.hasOwnNews = true;
    }
  }

  return {
    walletChanged: (address) => changed(address, true),
    leaseGrew,
    walletChangedElsewhere: (address) => changed(address, false),
  };
}

/**
 * Begins one piece of work in each turn of the event loop. Offices with many calls are told within the same milliseconds, and reading
 * all their balances at once would make renewals wait.
 */
function createTurns(): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  const next = () => {
    const work = waiting.shift();
    if (waiting.length > 0) setImmediate(next);
    work?.();
  };
  return (work) => {
    if (waiting.length === 0) setImmediate(next);
    waiting.push(work);
  };
}

function keyOf({ accountId, officeId }: OfficeAddress): string {
  return JSON.stringify([accountId, officeId]);
}

/** An office since it was told last. */
interface Told {
  /** A quarter of a second ago. */
  mayBeToldAgain: boolean;
  /** Something that waits for that. */
  hasNews: boolean;
  /** Something that waits for the whole second. */
  hasGrownLeases: boolean;
  /** Other servers do not know of it yet. */
  hasOwnNews: boolean;
}
