/** Keeps the deck in force the one that was imported last, by whatever process: swapped as a whole. */
import { RateBook } from './rates/rate-book.ts';
import { RateDeck } from './rates/rate-deck.ts';
import { latestRateDeckId, loadRateDeck } from './rates/rate-deck-store.ts';
import type { Store } from './storage/store.ts';

export class RateDeckWatch {
  readonly book = new RateBook(RateDeck.from([]));
  readonly #store: Pick<Store, 'db'>;
  readonly #onChange: (deckId: string, rateCount: number) => void;
  #deckId: string | null = null;

  constructor(store: Pick<Store, 'db'>, onChange: (deckId: string, rateCount: number) => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  /** Loads the latest deck unless it is in force already. Throws when it cannot be read; the one before it stays in force. */
  async look(): Promise<void> {
    const latest = await latestRateDeckId(this.#store);
    if (latest === this.#deckId) return;
    const loaded = await loadRateDeck(this.#store);
    if (loaded === null) return;
    this.#deckId = loaded.deckId;
    this.book.replace(loaded.deck);
    this.#onChange(loaded.deckId, loaded.deck.rates.length);
  }
}
