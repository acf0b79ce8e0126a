/**
 * Words between the processes that share a store: what has changed and where, so that the others look. A word may be lost, and may
 * come before or after anything else; it is never the only way to learn a thing, and whoever hears one reads the store.
 */
export interface StoreNews {
  /** Tells every other process, not this one. Never throws, never waits. At most MAX_NEWS_BYTES in UTF-8. */
  tell(word: string): void;
  /** The returned function ends it. */
  listen(listener: NewsListener): () => void;
}

export interface NewsListener {
  hear(word: string): void;
  /** Words may have been lost (a connection was): look at everything. */
  missed(): void;
}

/** PostgreSQL carries less than 8,000 bytes in a NOTIFY. */
export const MAX_NEWS_BYTES = 7_000;

/** For a store of one process: nobody else is there to be told, and nothing is heard. */
export const NO_NEWS: StoreNews = { tell: () => undefined, listen: () => () => undefined };
