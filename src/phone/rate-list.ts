/** The call rates page by page, as somebody looks for them (F-08, C-19). An answer to what is no longer looked for is dropped. */
import type { Rate } from '../protocol/rate.ts';
import type { StatementGate } from './statement-ports.ts';
import type { RatesSnapshot } from './statement-snapshot.ts';

export interface RateListParts {
  readonly gate: StatementGate;
  readonly nowMs: () => number;
  readonly show: (rates: RatesSnapshot) => void;
}

export class RateList {
  readonly #parts: RateListParts;
  #now: RatesSnapshot = { search: '', atMs: 0, rates: [], isMoreThere: false, isLoading: false, refusal: null };
  #nextCursor: string | null = null;

  constructor(parts: RateListParts) {
    this.#parts = parts;
  }

  /** The first page for these words or digits; what is there stays until it has come. The same words again are a second try. */
  async search(search: string): Promise<void> {
    this.#nextCursor = null;
    this.#change({ search, isMoreThere: false });
    await this.#loadPage([]);
  }

  async more(): Promise<void> {
    const { isLoading, isMoreThere, rates } = this.#now;
    if (!isLoading && isMoreThere) await this.#loadPage(rates);
  }

  async #loadPage(above: readonly Rate[]): Promise<void> {
    const { search } = this.#now;
    this.#change({ atMs: this.#parts.nowMs(), isLoading: true, refusal: null });
    // Whatever changes the list until the answer is here is a newer search.
    const asked = this.#now;
    const outcome = await this.#parts.gate.rates({ search, cursor: this.#nextCursor });
    if (this.#now !== asked) return;
    if (!outcome.ok) {
      this.#change({ rates: above, isLoading: false, refusal: outcome.refusal });
      return;
    }
    this.#nextCursor = outcome.value.nextCursor;
    const isMoreThere = this.#nextCursor !== null;
    this.#change({ rates: [...above, ...outcome.value.rates], isMoreThere, isLoading: false });
  }

  #change(change: Partial<RatesSnapshot>): void {
    this.#now = { ...this.#now, ...change };
    this.#parts.show(this.#now);
  }
}
