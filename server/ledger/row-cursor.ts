/** One row after the other out of pages: moving within a page is no more than a step, only a new page is waited for. */
import type { ReadPage } from './ledger-pages.ts';

export class RowCursor<Row> {
  readonly #read: ReadPage<Row>;
  readonly #onPage: (rows: number) => void;
  #page: readonly Row[] = [];
  #index = 0;

  private constructor(read: ReadPage<Row>, onPage: (rows: number) => void) {
    this.#read = read;
    this.#onPage = onPage;
  }

  /** Stands on the first row. */
  static async open<Row>(read: ReadPage<Row>, onPage: (rows: number) => void): Promise<RowCursor<Row>> {
    const cursor = new RowCursor(read, onPage);
    cursor.#page = await read(null);
    return cursor;
  }

  /** null at the end. */
  get row(): Row | null {
    return this.#page[this.#index] ?? null;
  }

  /** Moves on. False when `turn()` must be awaited before `row` is looked at. */
  step(): boolean {
    this.#index += 1;
    return this.#index < this.#page.length;
  }

  /** Reads the next page. */
  async turn(): Promise<void> {
    const last = this.#page.at(-1) ?? null;
    this.#onPage(this.#page.length);
    this.#page = last === null ? [] : await this.#read(last);
    this.#index = 0;
  }
}
