/** All open event streams: how many a person may have, and the end of all of them when the server stops. */
import type { After, Identity } from '../services.ts';
import { EventStream, type EventStreamOptions } from './event-stream.ts';

/** Tabs and devices of one person at the same time. */
export const MAX_STREAMS_PER_PERSON = 12;

export class EventStreams {
  readonly #open = new Map<string, Set<EventStream>>();
  /** Those that are about to be told to ask for everything. */
  readonly #toldSoon = new WeakSet<EventStream>();

  get count(): number {
    let count = 0;
    for (const streams of this.#open.values()) count += streams.size;
    return count;
  }

  /** Opens a stream. The oldest one of a person who has too many ends: a forgotten tab must not lock out a new one. */
  open(options: Omit<EventStreamOptions, 'onEnd'>): EventStream {
    const key = personKey(options.identity);
    const streams = this.#open.get(key) ?? new Set();
    this.#open.set(key, streams);
    const oldest = streams.size >= MAX_STREAMS_PER_PERSON ? [...streams][0] : undefined;
    oldest?.end();
    const stream: EventStream = new EventStream({ ...options, onEnd: () => this.#forget(key, stream) });
    streams.add(stream);
    this.#open.set(key, streams);
    return stream;
  }

  /** Ends the streams of a person, for instance one who was locked out. */
  endOf(identity: Pick<Identity, 'accountId' | 'personId'>): void {
    for (const stream of [...(this.#open.get(personKey(identity)) ?? [])]) stream.end();
  }

  /** Ends the streams of everybody in an account. */
  endOfAccount(accountId: string): void {
    for (const [key, streams] of [...this.#open]) {
      if (key.startsWith(`${accountId}\n`)) for (const stream of [...streams]) stream.end();
    }
  }

  /**
   * Tells every widget to ask for everything: events may have been lost. Spread over a while, since all of them will ask; not at once,
   * since servers that lost one database tell of it one after the other, and a widget is told once.
   */
  resyncAll({
    waitMs,
    withinMs,
    after,
  }: {
    readonly waitMs: number;
    readonly withinMs: number;
    readonly after: After;
  }): void {
    for (const streams of this.#open.values()) {
      for (const stream of streams) {
        if (this.#toldSoon.has(stream)) continue;
        this.#toldSoon.add(stream);
        after(waitMs + Math.random() * withinMs, () => {
          this.#toldSoon.delete(stream);
          stream.resync();
        });
      }
    }
  }

  endAll(): void {
    for (const streams of [...this.#open.values()]) for (const stream of [...streams]) stream.end();
  }

  #forget(key: string, stream: EventStream): void {
    const streams = this.#open.get(key);
    streams?.delete(stream);
    if (streams?.size === 0) this.#open.delete(key);
  }
}

function personKey(identity: Pick<Identity, 'accountId' | 'personId'>): string {
  return `${identity.accountId}\n${identity.personId}`;
}
