/**
 * One widget's stream of server-sent events (WHATWG HTML, "Server-sent events"). It begins with the state of things, goes on with
 * what changes, and ends when the access token does. Who reads too slowly is cut off and resumes by Last-Event-ID.
 */
import { HEARTBEAT_SECONDS } from '../../src/protocol/events.ts';
import type { Identity, OfficeEvent } from '../services.ts';
import type { EventHub, SentEvent, Subscription } from './event-hub.ts';

/** Events that wait for a slow reader before its stream is cut. */
export const MAX_WAITING_EVENTS = 256;
/** A widget that lost the stream comes back after so long (the SSE `retry` field). */
const RETRY_MS = 1_000;

export interface EventStreamOptions {
  readonly hub: EventHub;
  readonly identity: Identity;
  /** The identity's own office, or those that a company admin selected. */
  readonly officeIds: readonly string[];
  readonly lastEventId: string | null;
  readonly seesEverybody: boolean;
  /** The stream ends then; the widget comes back with a new token. */
  readonly expiresInMs: number;
  /** The state of things for a stream that begins or could not be resumed. */
  readonly snapshot: () => Promise<readonly OfficeEvent[]>;
  readonly visibleEvent: (identity: Identity, event: OfficeEvent) => OfficeEvent;
  readonly onEnd: () => void;
}

export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: EventStreamOptions;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #subscription: Subscription | null = null;
  #isCancelled = false;
  #timers: NodeJS.Timeout[] = [];
  /** What happens while the snapshot is being made waits here, so that it comes after it. */
  #waiting: SentEvent[] | null = [];

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.body = new ReadableStream<Uint8Array>(
      { start: (controller) => this.#start(controller), cancel: () => this.#cancel() },
      new CountQueuingStrategy({ highWaterMark: MAX_WAITING_EVENTS }),
    );
  }

  /** Ends the stream; harmless when it has ended. */
  end(): void {
    this.#finish((controller) => controller.close());
  }

  /** Tells the widget to ask for everything. It has no id: what is resumed later goes on from the last event. */
  resync(): void {
    const event: OfficeEvent = { type: 'resync' };
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** An error instead of an end: what waits is thrown away and the connection is closed, since nobody reads it. */
  #cut(): void {
    this.#finish((controller) => controller.error(new Error('The reader of an event stream was too slow')));
  }

  #finish(close: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void {
    const controller = this.#controller;
    if (controller === null) return;
    this.#controller = null;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#subscription?.cancel();
    // A stream that its reader cancelled is closed already.
    if (!this.#isCancelled) close(controller);
    this.#options.onEnd();
  }

  #cancel(): void {
    this.#isCancelled = true;
    this.end();
  }

  async #start(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { hub, identity, officeIds, seesEverybody, lastEventId, expiresInMs } = this.#options;
    this.#controller = controller;
    this.#subscription = hub.subscribe(
      {
        accountId: identity.accountId,
        officeIds,
        personId: identity.personId,
        seesEverybody,
        receive: (event) => this.#receive(event),
      },
      lastEventId,
    );
    this.#timers = [
      setInterval(() => this.#write(':\n\n'), HEARTBEAT_SECONDS * 1_000),
      setTimeout(() => this.end(), expiresInMs),
    ];
    this.#write(`retry: ${RETRY_MS}\n\n`);
    await this.#begin(this.#subscription);
  }

  async #begin(subscription: Subscription): Promise<void> {
    const isResumed = this.#options.lastEventId !== null && subscription.missed !== null;
    if (isResumed) for (const event of subscription.missed ?? []) this.#send(event);
    else await this.#sendSnapshot(subscription);
    const waited = this.#waiting ?? [];
    this.#waiting = null;
    for (const event of waited) this.#send(event);
  }

  async #sendSnapshot(subscription: Subscription): Promise<void> {
    const events = await this.#options.snapshot().catch(() => null);
    // Without a snapshot the widget asks for everything itself; it is told so also when the resumption failed.
    const isComplete = events !== null && this.#options.lastEventId === null;
    const first: readonly OfficeEvent[] = isComplete ? [] : [{ type: 'resync' }];
    for (const event of [...first, ...(events ?? [])]) {
      this.#write(
        frame(subscription.positionId, JSON.stringify(this.#options.visibleEvent(this.#options.identity, event))),
      );
    }
  }

  #receive(event: SentEvent): void {
    if (this.#waiting === null) this.#send(event);
    else if (this.#waiting.length < MAX_WAITING_EVENTS) this.#waiting.push(event);
    else this.#cut();
  }

  #send(sent: SentEvent): void {
    const visible = this.#options.visibleEvent(this.#options.identity, sent.event);
    this.#write(frame(sent.id, visible === sent.event ? sent.json : JSON.stringify(visible)));
  }

  #write(text: string): void {
    if (this.#controller === null) return;
    if ((this.#controller.desiredSize ?? 0) > 0) this.#controller.enqueue(this.#encoder.encode(text));
    else this.#cut();
  }
}

function frame(id: string, json: string): string {
  return `id: ${id}\ndata: ${json}\n\n`;
}
