/** StoreNews of several servers in one process. A test decides when, in which order and how often words come. */
import type { NewsListener, StoreNews } from '../../server/storage/store-news.ts';

interface Delivery {
  readonly from: number;
  readonly word: string;
}

export class ConnectedNews {
  readonly #listeners: { readonly owner: number; readonly listener: NewsListener }[] = [];
  /** Words under way, in the order in which they were told. */
  readonly underWay: Delivery[] = [];
  #servers = 0;

  join(): StoreNews {
    this.#servers += 1;
    const owner = this.#servers;
    return {
      tell: (word) => this.underWay.push({ from: owner, word }),
      listen: (listener) => {
        const entry = { owner, listener };
        this.#listeners.push(entry);
        return () => this.#listeners.splice(this.#listeners.indexOf(entry), 1);
      },
    };
  }

  /** All that is under way comes to all but those who told it, as the test arranges it. */
  deliver(arrange: (words: readonly Delivery[]) => readonly Delivery[] = (words) => words): void {
    for (const { from, word } of arrange(this.underWay.splice(0))) {
      for (const { owner, listener } of [...this.#listeners]) if (owner !== from) listener.hear(word);
    }
  }

  loseAll(): void {
    this.underWay.length = 0;
    for (const { listener } of [...this.#listeners]) listener.missed();
  }
}
