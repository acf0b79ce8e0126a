/**
 * Balances that were changed by another process: the operator's command line adds credit on the same file, and every open widget
 * must know within a second. What this process itself published is not published again.
 */
import type { Audience, EventPublisher, OfficeEvent } from '../services.ts';
import type { Store } from '../storage/store.ts';
import type { EventHub } from './event-hub.ts';

const LOOK_EVERY_MS = 500;

interface OpenOffice {
  readonly accountId: string;
  readonly officeId: string;
}

export interface BalanceWatchOptions {
  readonly hub: EventHub;
  readonly store: Pick<Store, 'db'>;
  /** Publishes the office's balance as it is now. */
  readonly publishBalance: (office: OpenOffice) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export class BalanceWatch {
  readonly #options: BalanceWatchOptions;
  readonly #versions = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();

  constructor(options: BalanceWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#round = this.#round.then(() => this.look()).catch(this.#options.onError);
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#round;
  }

  /** To be told of everything that this process publishes. */
  notePublished(audience: Audience, event: OfficeEvent): void {
    if (event.type === 'balance') this.#versions.set(keyOf(audience), event.balance.version);
  }

  /** To be told of everything that was left unsaid, since nobody listened. */
  noteUnheard(office: OpenOffice): void {
    this.#versions.delete(keyOf(office));
  }

  /** One look at the wallets of all offices that somebody watches. */
  async look(): Promise<void> {
    const offices = this.#options.hub.openOffices;
    for (const office of offices.length === 0 ? [] : await this.#wallets(offices)) {
      const known = this.#versions.get(keyOf(office)) ?? -1;
      if (office.version <= known) continue;
      this.#versions.set(keyOf(office), office.version);
      await this.#options.publishBalance(office);
    }
  }

  #wallets(offices: readonly OpenOffice[]) {
    return this.#options.store.db
      .selectFrom('office')
      .innerJoin('wallet', (join) =>
        join.onRef('wallet.accountId', '=', 'office.accountId').onRef('wallet.walletId', '=', 'office.walletId'),
      )
      .select(['office.accountId', 'office.officeId', 'wallet.version'])
      .where('office.officeId', 'in', [...new Set(offices.map(({ officeId }) => officeId))])
      .where('office.accountId', 'in', [...new Set(offices.map(({ accountId }) => accountId))])
      .execute();
  }
}

/** The hub, with everything that is published noted. */
export function notingPublisher(hub: EventPublisher, watch: () => BalanceWatch | null): EventPublisher {
  return {
    publish(audience, event) {
      watch()?.notePublished(audience, event);
      hub.publish(audience, event);
    },
    isHeard(office) {
      const isHeard = hub.isHeard?.(office) ?? true;
      // Whoever asks makes no event now, so the first look after somebody opens a widget has to.
      if (!isHeard) watch()?.noteUnheard(office);
      return isHeard;
    },
  };
}

function keyOf({ accountId, officeId }: OpenOffice): string {
  return `${accountId}\n${officeId}`;
}
