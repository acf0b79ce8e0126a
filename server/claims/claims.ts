/**
 * Periodic work of all servers on one store, shared out among those that live. A piece of work has an owner at every moment but the few
 * seconds after a server died, and one owner only but for the moment in which servers come and go. So what is done here
 *
 *   - finds what is due in the store, never in memory: the next owner goes on where the last one stopped;
 *   - is safe to be done twice: rows are guarded by their version, operations by their id.
 *
 *   claims.run('rents', { everyMs: 60_000, work: () => chargeDueRents(room) });        one owner
 *   claims.slotsOf('calls', 16)                                                        sixteen, each with an owner
 */
import { createHash, randomUUID } from 'node:crypto';
import type { After } from '../services.ts';
import type { Store } from '../storage/store.ts';
import { BEAT_MS, Roster, type Standing } from './roster.ts';

export interface PeriodicWork {
  /** Between the end of one round and the beginning of the next. What must happen at a time of day says so in the store. */
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

export interface Claims {
  /** Throws when the store cannot be reached. */
  start(): Promise<void>;
  /** Lets rounds that were begun come to their end, then gives the work to the others. */
  stop(): Promise<void>;
  /** Those of the slots 0 to count - 1 of this work that are this server's now. */
  slotsOf(name: string, count: number): readonly number[];
  /** Does the work again and again while it is this server's. A round that fails is told to `onError`; the next one comes all the same. */
  run(name: string, periodic: PeriodicWork): void;
}

export interface ClaimsOptions {
  readonly store: Pick<Store, 'claim' | 'db'>;
  /** Milliseconds that only ever grow. */
  readonly monotonicMs: () => number;
  readonly after: After;
  readonly onError: (error: unknown, name: string) => void;
  /**
   * True on a store that only one server uses: all work is its own from the start. Whoever else has a seat was killed, and its calls
   * need not wait until that is believed.
   */
  readonly isAlone?: boolean;
}

const ALONE: Standing = { index: 0, count: 1 };

export function createClaims(options: ClaimsOptions): Claims {
  return new RosterClaims(options);
}

class RosterClaims implements Claims {
  readonly #options: ClaimsOptions;
  readonly #roster: Roster;
  readonly #cancel = new Map<string, () => void>();
  readonly #rounds = new Map<string, Promise<void>>();
  #isStopped = false;

  constructor(options: ClaimsOptions) {
    this.#options = options;
    this.#roster = new Roster({ ...options, holder: randomUUID() });
  }

  async start(): Promise<void> {
    await this.#roster.beat();
    this.#repeat('roster', { everyMs: BEAT_MS, work: () => this.#roster.beat() });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#cancel.values()) cancel();
    await Promise.all(this.#rounds.values());
    await this.#roster.leave();
  }

  slotsOf(name: string, count: number): readonly number[] {
    const standing = this.#options.isAlone && !this.#isStopped ? ALONE : this.#roster.standing;
    if (standing === null) return [];
    const first = firstOwner(name);
    return Array.from({ length: count }, (_, slot) => slot).filter(
      (slot) => (first + slot) % standing.count === standing.index,
    );
  }

  run(name: string, { everyMs, work }: PeriodicWork): void {
    this.#repeat(name, { everyMs, work: async () => (this.slotsOf(name, 1).length === 1 ? await work() : undefined) });
  }

  #repeat(name: string, periodic: PeriodicWork): void {
    if (this.#isStopped) return;
    const begin = () => {
      const round = periodic
        .work()
        .catch((error: unknown) => this.#options.onError(error, name))
        .finally(() => this.#repeat(name, periodic));
      this.#rounds.set(name, round);
    };
    this.#cancel.set(name, this.#options.after(periodic.everyMs, begin));
  }
}

/** Different works begin at different servers. */
function firstOwner(name: string): number {
  return createHash('sha256').update(name).digest().readUInt16BE();
}
