/**
 * The event stream (WHATWG HTML, "Server-sent events") over fetch, because EventSource cannot carry an Authorization header.
 *
 *   open ──► connecting ──► live ──► (end, error, three heartbeats missed) ──► connecting, with Last-Event-ID ...
 *                 │
 *                 ├──► unauthorized ─┐
 *                 └──► unreachable ──┴──► again after a delay that doubles
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { GateEvent, GateLink, Unsubscribe } from '../phone/ports.ts';
import { askedToWaitMs, KEEP_CONNECTED, retryDelayMs } from '../phone/reconnect-policy.ts';
import { MILLISECONDS_PER_SECOND } from '../protocol/duration.ts';
import { HEARTBEAT_SECONDS, serverEventSchema } from '../protocol/events.ts';
import { EVENTS_PATH } from '../protocol/routes.ts';
import { isUnidentified, refusalOfProblem } from './gate-error.ts';
import { addressOf, authorizationOf, type GateRequestOptions, PRIVATE_FETCH } from './gate-request.ts';

export interface EventStreamOptions extends GateRequestOptions {
  readonly random: () => number;
  /** For another office than the token's. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Attempts that other requests give rise to are no closer together than this. */
const HURRY_PAUSE_MS = 1_000;
const CONNECT_PATIENCE_MS = 10_000;
const MISSED_HEARTBEATS = 3;
const SILENCE_PATIENCE_MS = MISSED_HEARTBEATS * HEARTBEAT_SECONDS * MILLISECONDS_PER_SECOND;
/** The longest event, in characters; a balance with a thousand holds is shorter. */
const MAX_EVENT_LENGTH = 1_000_000;

export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #listener: (event: GateEvent) => void;
  #lastEventId: string | null = null;
  #link: GateLink | null = null;
  #attempts = 0;
  #attemptedAtMs = 0;
  /** Waits for the next attempt by its own choice; nobody has asked it to stay away. */
  #mayHurry = false;
  #connection: AbortController | null = null;
  #isClosed = false;
  #cancelRetry: Unsubscribe = () => undefined;
  #cancelWatchdog: Unsubscribe = () => undefined;

  constructor(options: EventStreamOptions, listener: (event: GateEvent) => void) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Nobody could be reached by the last attempt, or somebody who can't help. */
  get isUnreachable(): boolean {
    return this.#link === 'unreachable';
  }

  /** Does not wait for the next attempt: the server has just answered somebody else. */
  retryNow(): void {
    const sinceAttemptMs = this.#options.clock.monotonicMs() - this.#attemptedAtMs;
    if (this.#mayHurry && sinceAttemptMs >= HURRY_PAUSE_MS) this.open();
  }

  open(): void {
    if (this.#isClosed) return;
    this.#mayHurry = false;
    this.#cancelRetry();
    this.#attemptedAtMs = this.#options.clock.monotonicMs();
    if (this.#link === null) this.#tellLink('connecting');
    void this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#cancelWatchdog();
    this.#connection?.abort();
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#watch(CONNECT_PATIENCE_MS);
    let atLeastMs = 0;
    try {
      const response = await this.#request(connection.signal);
      if (response.ok && response.body !== null) await this.#read(response.body);
      else atLeastMs = this.#hearRefusal(await response.json().catch(() => null));
    } catch (cause) {
      if (!this.#isClosed) this.#hearFailure(cause);
    }
    connection.abort();
    this.#cancelWatchdog();
    this.#retryLater(atLeastMs);
  }

  async #request(signal: AbortSignal): Promise<Response> {
    const { gateUrl, fetch: ownFetch } = this.#options;
    return (ownFetch ?? fetch)(addressOf(gateUrl, EVENTS_PATH), {
      ...PRIVATE_FETCH,
      signal,
      headers: {
        ...(await authorizationOf(this.#options)),
        ...this.#options.headers,
        accept: 'text/event-stream',
        ...(this.#lastEventId === null ? {} : { 'last-event-id': this.#lastEventId }),
      },
    });
  }

  /** Until the stream ends or breaks. Every sign of life, comments too, sets the watchdog back. */
  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({ onEvent: (event) => this.#hear(event), maxBufferSize: MAX_EVENT_LENGTH });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    this.#watch(SILENCE_PATIENCE_MS);
    this.#tellLink('live');
    for (let part = await reader.read(); !part.done && !this.#isClosed; part = await reader.read()) {
      this.#attempts = 0;
      this.#watch(SILENCE_PATIENCE_MS);
      parser.feed(decoder.decode(part.value, { stream: true }));
    }
    // Streams end when their token does: that is no failure.
    this.#tellLink('connecting');
  }

  #hear(message: EventSourceMessage): void {
    if (this.#isClosed) return;
    if (message.id !== undefined) this.#lastEventId = message.id;
    const content = parseJson(message.data);
    const event = serverEventSchema.safeParse(content);
    if (event.success) this.#listener({ type: 'server', event: event.data });
    else if (isOfType(content, 'payment')) this.#listener({ type: 'payment', content });
    else if (isOfType(content, 'alert')) this.#listener({ type: 'alert', content });
    else this.#options.log('The event stream has an event that this widget does not know.');
  }

  /** How long the server wants to be left alone, in ms. */
  #hearRefusal(body: unknown): number {
    const reason = refusalOfProblem(body);
    this.#options.log('The event stream was refused.', { code: reason.code });
    this.#tellLink(isUnidentified(reason) || reason.code === 'phone_disabled' ? 'unauthorized' : 'unreachable');
    return askedToWaitMs(reason);
  }

  #hearFailure(cause: unknown): void {
    this.#options.log('The event stream broke.', { cause: String(cause) });
    this.#tellLink(this.#link === 'live' ? 'connecting' : 'unreachable');
  }

  #retryLater(atLeastMs: number): void {
    if (this.#isClosed) return;
    this.#mayHurry = atLeastMs === 0 && this.#link !== 'unauthorized';
    const { clock, random } = this.#options;
    const moment = { attempt: this.#attempts++, elapsedMs: 0, atLeastMs, random: random() };
    const delayMs = retryDelayMs(KEEP_CONNECTED, moment);
    if (delayMs !== null) this.#cancelRetry = clock.after(delayMs, () => this.open());
  }

  #watch(patienceMs: number): void {
    this.#cancelWatchdog();
    const connection = this.#connection;
    this.#cancelWatchdog = this.#options.clock.after(patienceMs, () => {
      connection?.abort(new Error(`Nothing was heard for ${patienceMs} ms`));
    });
  }

  #tellLink(link: GateLink): void {
    if (this.#isClosed || link === this.#link) return;
    this.#link = link;
    this.#listener({ type: 'link', link });
  }
}

/** Told to those who manage credit only; their rooms read it, and no call needs to load how. */
function isOfType(content: unknown, type: 'payment' | 'alert'): boolean {
  return typeof content === 'object' && content !== null && 'type' in content && content.type === type;
}

/** Undefined for what is no JSON; the schema refuses it with everything else that is no event. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
