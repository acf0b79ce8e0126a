/**
 * Tells every open widget. One sequence for all offices, a short memory for each office, so that a widget that was away for a
 * moment gets what it missed. The sequence belongs to one process (`epoch`): a widget that comes back to another process is told
 * to ask again (`resync`). What happens at other servers is published here, too (event-feed.ts).
 */
import { randomBytes } from 'node:crypto';
import type { Audience, EventPublisher, OfficeEvent } from '../services.ts';

/** Events remembered for each office: a minute of a busy office. */
export const REMEMBERED_EVENTS = 256;
/** Offices remembered at once; the one that was quiet longest is forgotten first. */
export const REMEMBERED_OFFICES = 2_000;

/** An event as it goes over the wire: written once, sent to many. */
export class SentEvent {
  /** "epoch-sequence"; what Last-Event-ID brings back. */
  readonly id: string;
  readonly sequence: number;
  readonly personId: string | null;
  readonly event: OfficeEvent;
  #json: string | null = null;

  constructor(fields: {
    readonly id: string;
    readonly sequence: number;
    readonly personId: string | null;
    readonly event: OfficeEvent;
  }) {
    this.id = fields.id;
    this.sequence = fields.sequence;
    this.personId = fields.personId;
    this.event = fields.event;
  }

  /** Made when the first widget needs it: most events of a busy server are seen by nobody. */
  get json(): string {
    this.#json ??= JSON.stringify(this.event);
    return this.#json;
  }
}

export interface Listener {
  readonly accountId: string;
  readonly officeIds: readonly string[];
  /** Narrowed events reach their own person and those who manage credit. */
  readonly personId: string;
  readonly seesEverybody: boolean;
  /** Must not throw and must not wait. */
  readonly receive: (event: SentEvent) => void;
}

export interface Subscription {
  /** What was missed since the given id, oldest first; null when that is not known any more. */
  readonly missed: readonly SentEvent[] | null;
  /** Id of the newest event at the moment of subscription. */
  readonly positionId: string;
  cancel(): void;
}

interface OfficeMemory {
  readonly events: SentEvent[];
  /** Sequence of the newest event that fell out of this memory. */
  forgottenUpTo: number;
  readonly listeners: Set<Listener>;
}

export class EventHub implements EventPublisher {
  readonly #epoch = randomBytes(6).toString('hex');
  readonly #offices = new Map<string, OfficeMemory>();
  #sequence = 0;
  /** An office without a memory may have had events up to here. */
  #forgottenUpTo = 0;

  publish(audience: Audience, event: OfficeEvent): void {
    this.#sequence += 1;
    const memory = this.#memoryOf(officeKey(audience.accountId, audience.officeId));
    const sent = new SentEvent({
      id: this.#id(this.#sequence),
      sequence: this.#sequence,
      personId: audience.personId,
      event,
    });
    memory.events.push(sent);
    if (memory.events.length > REMEMBERED_EVENTS) memory.forgottenUpTo = memory.events.shift()?.sequence ?? 0;
    for (const listener of memory.listeners) if (concerns(sent, listener)) listener.receive(sent);
    this.#forgetQuietOffice();
  }

  /** Something happened in an office to which nobody listens now: whoever resumes there is told to ask for everything. */
  skip({ accountId, officeId }: Pick<Audience, 'accountId' | 'officeId'>): void {
    this.#sequence += 1;
    const memory = this.#offices.get(officeKey(accountId, officeId));
    if (memory) memory.forgottenUpTo = this.#sequence;
    else this.#forgottenUpTo = this.#sequence;
  }

  /** Events may have been lost, wherever: whoever resumes is told to ask for everything. */
  skipAll(): void {
    this.#sequence += 1;
    this.#forgottenUpTo = this.#sequence;
    for (const memory of this.#offices.values()) memory.forgottenUpTo = this.#sequence;
  }

  subscribe(listener: Listener, lastEventId: string | null): Subscription {
    const memories = listener.officeIds.map((officeId) => this.#memoryOf(officeKey(listener.accountId, officeId)));
    const missed = lastEventId === null ? [] : this.#missedSince(lastEventId, memories);
    for (const memory of memories) memory.listeners.add(listener);
    this.#forgetQuietOffice();
    return {
      missed: missed?.filter((event) => concerns(event, listener)) ?? null,
      positionId: this.#id(this.#sequence),
      cancel: () => {
        for (const memory of memories) memory.listeners.delete(listener);
      },
    };
  }

  isHeard({ accountId, officeId }: Pick<Audience, 'accountId' | 'officeId'>): boolean {
    return (this.#offices.get(officeKey(accountId, officeId))?.listeners.size ?? 0) > 0;
  }

  /** Offices that somebody listens to now. */
  get openOffices(): readonly { readonly accountId: string; readonly officeId: string }[] {
    return [...this.#offices]
      .filter(([, memory]) => memory.listeners.size > 0)
      .map(([key]) => JSON.parse(key))
      .map(([accountId, officeId]) => ({ accountId, officeId }));
  }

  #missedSince(lastEventId: string, memories: readonly OfficeMemory[]): readonly SentEvent[] | null {
    const [epoch, text] = lastEventId.split('-');
    const last = Number(text);
    const isOurs = epoch === this.#epoch && Number.isSafeInteger(last) && last >= 0 && last <= this.#sequence;
    if (!isOurs || memories.some((memory) => memory.forgottenUpTo > last)) return null;
    return memories
      .flatMap((memory) => memory.events.filter((event) => event.sequence > last))
      .sort((a, b) => a.sequence - b.sequence);
  }

  #memoryOf(key: string): OfficeMemory {
    const known = this.#offices.get(key) ?? { events: [], forgottenUpTo: this.#forgottenUpTo, listeners: new Set() };
    // Written again at the end of the map: the first one is the one that was quiet longest.
    this.#offices.delete(key);
    this.#offices.set(key, known);
    return known;
  }

  #forgetQuietOffice(): void {
    if (this.#offices.size <= REMEMBERED_OFFICES) return;
    for (const [key, memory] of this.#offices) {
      if (memory.listeners.size > 0) continue;
      this.#offices.delete(key);
      this.#forgottenUpTo = Math.max(this.#forgottenUpTo, memory.forgottenUpTo, memory.events.at(-1)?.sequence ?? 0);
      return;
    }
  }

  #id(sequence: number): string {
    return `${this.#epoch}-${sequence}`;
  }
}

function officeKey(accountId: string, officeId: string): string {
  return JSON.stringify([accountId, officeId]);
}

function concerns(event: SentEvent, listener: Listener): boolean {
  return event.personId === null || listener.seesEverybody || event.personId === listener.personId;
}
