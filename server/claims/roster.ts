/**
 * Which servers share the store now, and which place each has among them. A server takes a numbered seat by a claim that it renews with
 * every beat; a seat whose claim has run out belongs to a server that died. One statement writes and one reads, however much work is
 * shared out by it.
 *
 * Two servers may see different rosters for a beat or two after one came or went: then a piece of work is nobody's or done twice.
 */
import type { Store } from '../storage/store.ts';

/** Between two beats. */
export const BEAT_MS = 1_000;
/** A server that was not heard of for so long is dead: its work goes on at the others. */
export const LIVES_MS = 4_000;
/** More servers than this on one store do no periodic work. */
const MAX_SEATS = 256;
const SEATS = 'server/';

export interface RosterOptions {
  readonly store: Pick<Store, 'claim' | 'db'>;
  /** One process; made at its start. */
  readonly holder: string;
  /** Milliseconds that only ever grow. */
  readonly monotonicMs: () => number;
}

/** The place of this server among `count` that live, from 0. */
export interface Standing {
  readonly index: number;
  readonly count: number;
}

export class Roster {
  readonly #options: RosterOptions;
  #seat: number | null = null;
  #standing: Standing | null = null;
  #sureUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** Null while this server cannot be sure that its seat is its own: it did not come to renew it in time. */
  get standing(): Standing | null {
    return this.#options.monotonicMs() < this.#sureUntilMs ? this.#standing : null;
  }

  /** Keeps the seat, or takes the first free one, and looks who else lives. */
  async beat(): Promise<void> {
    // From before the claim, since the store counts from some moment after it.
    const sureUntilMs = this.#options.monotonicMs() + LIVES_MS;
    const isKept = this.#seat !== null && (await this.#claim(this.#seat, LIVES_MS));
    const seat = isKept ? this.#seat : await this.#freeSeat();
    this.#seat = seat;
    this.#standing = seat === null ? null : await this.#standingOf(seat);
    this.#sureUntilMs = sureUntilMs;
  }

  /** Gives the seat back, so that the others need not wait until it has run out. */
  async leave(): Promise<void> {
    const seat = this.#seat;
    this.#seat = null;
    this.#standing = null;
    if (seat !== null) await this.#claim(seat, 0);
  }

  async #freeSeat(): Promise<number | null> {
    for (let seat = 0; seat < MAX_SEATS; seat += 1) if (await this.#claim(seat, LIVES_MS)) return seat;
    return null;
  }

  #claim(seat: number, forMs: number): Promise<boolean> {
    return this.#options.store.claim({ name: `${SEATS}${seat}`, holder: this.#options.holder, forMs });
  }

  /** Compared with the own claim, which was made just now by the store's clock: clocks of servers are not asked. */
  async #standingOf(seat: number): Promise<Standing | null> {
    const claims = await this.#options.store.db
      .selectFrom('claim')
      .select(['name', 'untilMs'])
      .where('name', '>=', SEATS)
      .where('name', '<', afterAll(SEATS))
      .execute();
    const seats = claims.map(({ name, untilMs }) => ({ seat: Number(name.slice(SEATS.length)), untilMs }));
    const own = seats.find((other) => other.seat === seat);
    if (own === undefined) return null;
    const living = seats.filter(({ untilMs }) => untilMs > own.untilMs - LIVES_MS).map((other) => other.seat);
    const index = living.sort((a, b) => a - b).indexOf(seat);
    return { index, count: living.length };
  }
}

/** The first text behind all that begin with the prefix. */
function afterAll(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
