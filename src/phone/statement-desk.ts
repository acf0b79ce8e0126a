/**
 * The statements of whichever office the billing room shows (D-13): another office is another Statement. Beside them the call rates (F-08).
 */
import { FIRST_SNAPSHOT } from './first-snapshot.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';
import { RateList } from './rate-list.ts';
import { Statement } from './statement.ts';
import type { StatementGate } from './statement-ports.ts';
import type { RatesSnapshot, StatementWish } from './statement-snapshot.ts';

export interface StatementDeskParts {
  /** Of the phone's own office. */
  readonly gate: StatementGate;
  readonly ownOfficeId: string;
}

export class StatementDesk {
  readonly #context: PhoneContext;
  readonly #parts: StatementDeskParts;
  readonly #unsubscribe: Unsubscribe;
  /** Null: the phone's own. */
  #otherOfficeId: string | null;
  #statement: Statement;
  /** Null while nobody looks at rates. */
  #rates: RateList | null = null;

  constructor(context: PhoneContext, parts: StatementDeskParts) {
    this.#context = context;
    this.#parts = parts;
    this.#otherOfficeId = this.#chosen;
    this.#statement = this.#open();
    this.#unsubscribe = context.store.subscribe(() => this.#follow());
  }

  wish(wish: StatementWish): void {
    if (wish.type === 'show_rates') this.#showRates(wish.search);
    else if (wish.type === 'more_rates') void this.#rates?.more();
    else this.#statement.wish(wish);
  }

  close(): void {
    this.#unsubscribe();
    this.#statement.close();
    this.#rates = null;
  }

  #follow(): void {
    if (this.#chosen === this.#otherOfficeId) return;
    this.#otherOfficeId = this.#chosen;
    this.#statement.close();
    this.#statement = this.#open();
    this.#rates = null;
    this.#context.store.update({ statement: FIRST_SNAPSHOT.statement });
  }

  #showRates(search: string | null): void {
    if (search === null) {
      this.#rates = null;
      this.#updateRates(null);
      return;
    }
    this.#rates ??= this.#openRates();
    void this.#rates.search(search);
  }

  #openRates(): RateList {
    const rates: RateList = new RateList({
      gate: this.#parts.gate,
      nowMs: () => this.#context.clock.nowMs(),
      // A list that was closed, or is another office's, is shown no more.
      show: (shown) => (rates === this.#rates ? this.#updateRates(shown) : undefined),
    });
    return rates;
  }

  #updateRates(rates: RatesSnapshot | null): void {
    const { store } = this.#context;
    store.update({ statement: { ...store.snapshot.statement, rates } });
  }

  get #chosen(): string | null {
    return this.#context.store.snapshot.offices.other?.officeId ?? null;
  }

  #open(): Statement {
    const { gate, ownOfficeId } = this.#parts;
    const officeId = this.#otherOfficeId;
    return new Statement(this.#context, {
      gate: officeId === null ? gate : gate.ofOffice(officeId),
      officeId: officeId ?? ownOfficeId,
    });
  }
}
