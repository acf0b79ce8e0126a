/**
 * Words between servers by LISTEN and NOTIFY, on one connection that does nothing else: NOTIFY takes a lock that serialises commits,
 * so it never rides on a transaction that moves money.
 *
 * A payload is the sender, then words, with U+001E between them; one without words says "look at everything". Words that came while
 * the connection was away are gone, on both sides: then everybody looks at everything.
 */
import { randomUUID } from 'node:crypto';
import pg, { type Client, type Notification } from 'pg';
import { MAX_NEWS_BYTES, type NewsListener, type StoreNews } from '../store-news.ts';
import type { DatabaseUrl } from './database-url.ts';
import { isUnanswered } from './postgres-error.ts';
import { connectionSettings } from './postgres-pool.ts';

const CHANNEL = 'credit_phone';
/** PostgreSQL takes less than 8,000. */
const MAX_PAYLOAD_BYTES = 7_900;
const SEPARATOR = '\u001e';
/** Words that wait for the connection; beyond it nobody needs them one by one. */
const MAX_WAITING_WORDS = 10_000;
const STATEMENT_MS = 5_000;
/** A connection that died without a word is found out by asking. */
const PING_MS = 2_000;
/** What is asked here is answered at once, or there is nobody any more. */
const ANSWER_MS = 3_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

export class PostgresNews implements StoreNews {
  readonly #url: string;
  readonly #onSilence: () => void;
  readonly #sender = randomUUID();
  readonly #listeners = new Set<NewsListener>();
  readonly #waiting = new Set<string>();
  #mustTellAll = false;
  #client: Client | null = null;
  #sending: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  /** `onSilence` is told when the server does not answer any more and the connection does not end either. */
  constructor({ url }: Pick<DatabaseUrl, 'url'>, onSilence: () => void = () => undefined) {
    this.#url = url;
    this.#onSilence = onSilence;
  }

  /** Rejects with the driver's error when it cannot connect; later it comes back by itself. */
  async start(): Promise<void> {
    const client = new pg.Client({ ...connectionSettings(this.#url, STATEMENT_MS), query_timeout: ANSWER_MS });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', (notification) => this.#hear(notification));
    try {
      await client.connect();
      // Words are no money: they wait for no disk and no standby, so who waits for an answer here waits for the server alone.
      await client.query(`LISTEN ${CHANNEL}; SET synchronous_commit = off`);
    } catch (reason) {
      closeQuietly(client);
      throw reason;
    }
    if (this.#isClosed) return closeQuietly(client);
    this.#client = client;
    this.#retryMs = FIRST_RETRY_MS;
    this.#pingLater(client);
    this.#send();
  }

  tell(word: string): void {
    if (this.#isClosed) return;
    const isCarried = Buffer.byteLength(word) <= MAX_NEWS_BYTES && !word.includes(SEPARATOR) && !word.includes('\0');
    if (isCarried && this.#waiting.size < MAX_WAITING_WORDS) this.#waiting.add(word.toWellFormed());
    else this.#mustTellAll = true;
    this.#send();
  }

  listen(listener: NewsListener): () => void {
    // A copy, so that one who listens twice is heard twice and ends each by itself.
    const own = { hear: (word: string) => listener.hear(word), missed: () => listener.missed() };
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Sends what waits, if it can, and ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sending;
    const client = this.#client;
    this.#client = null;
    if (client !== null) await client.end().catch(() => undefined);
  }

  #hear({ payload = '' }: Notification): void {
    const [sender, ...words] = payload.split(SEPARATOR);
    if (sender === this.#sender) return;
    for (const listener of [...this.#listeners]) {
      if (words.length === 0) listener.missed();
      for (const word of words) listener.hear(word);
    }
  }

  #send(): void {
    if (this.#client === null || this.#sending !== null) return;
    this.#sending = this.#sendWaiting(this.#client).finally(() => {
      this.#sending = null;
    });
  }

  async #sendWaiting(client: Client): Promise<void> {
    // What is told in the same turn of the event loop goes together.
    await new Promise(setImmediate);
    while (this.#client === client && (this.#waiting.size > 0 || this.#mustTellAll)) {
      const payloads = this.#takePayloads();
      try {
        await client.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [CHANNEL, payloads]);
      } catch (reason) {
        // Nobody knows who heard them. #lost has been told, or is told now.
        this.#mustTellAll = true;
        this.#failed(client, reason);
      }
    }
  }

  #takePayloads(): readonly string[] {
    const words = [...this.#waiting];
    this.#waiting.clear();
    const mustTellAll = this.#mustTellAll;
    this.#mustTellAll = false;
    return mustTellAll ? [this.#sender] : packPayloads(this.#sender, words);
  }

  #failed(client: Client, reason: unknown): void {
    if (this.#client === client && isUnanswered(reason)) this.#onSilence();
    this.#lost(client);
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    closeQuietly(client);
    this.#mustTellAll = true;
    this.#comeBackLater();
  }

  #comeBackLater(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    // Servers that lost the same database do not all come back in the same moment.
    const waitMs = this.#retryMs * (0.5 + Math.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    this.#timer = setTimeout(() => void this.#comeBack(), waitMs).unref();
  }

  async #comeBack(): Promise<void> {
    try {
      await this.start();
    } catch (reason) {
      // The store's own work meets the same cause and reports it, unless it waits for an answer that is not coming.
      if (isUnanswered(reason)) this.#onSilence();
      return this.#comeBackLater();
    }
    for (const listener of [...this.#listeners]) listener.missed();
  }

  #pingLater(client: Client): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.#client === client && this.#pingLater(client),
        (reason: unknown) => this.#failed(client, reason),
      );
    }, PING_MS).unref();
  }
}

/** As few payloads as possible, each within what PostgreSQL carries. */
export function packPayloads(sender: string, words: readonly string[]): readonly string[] {
  const payloads: string[] = [];
  let payload = sender;
  for (const word of words) {
    const longer = `${payload}${SEPARATOR}${word}`;
    if (payload !== sender && Buffer.byteLength(longer) > MAX_PAYLOAD_BYTES) {
      payloads.push(payload);
      payload = `${sender}${SEPARATOR}${word}`;
    } else {
      payload = longer;
    }
  }
  return payload === sender ? payloads : [...payloads, payload];
}

function closeQuietly(client: Client): void {
  // It is broken or not wanted any more; how its end goes changes nothing.
  client.end().catch(() => undefined);
}
