/**
 * Reads along while a statement (RFC 4180) is saved: how many rows have gone by, and what their amounts come to. What is said of a saved
 * file is thereby what is in it, not what was asked for.
 */
import { type Micros, micros } from '../protocol/money.ts';

/** The column whose amounts are added up; without it the rows are counted only. */
const AMOUNT_COLUMN = 'amount_micros';
const BYTE_ORDER_MARK = '\uFEFF';

export interface StatementCount {
  /** Without the header. */
  readonly rows: number;
  /** Debits, as a positive amount: what the rows took from the credit. */
  readonly spentMicros: Micros;
}

export class StatementMeter {
  readonly #decoder = new TextDecoder();
  #isQuoted = false;
  #field = '';
  #fieldIndex = 0;
  #amountIndex: number | null = null;
  #isHeader = true;
  #isRowBegun = false;
  #rows = 0;
  #spentMicros = 0;

  read(bytes: Uint8Array): void {
    for (const letter of this.#decoder.decode(bytes, { stream: true })) this.#readLetter(letter);
  }

  /** After the last byte: a last row needs no line break behind it. */
  end(): StatementCount {
    if (this.#isRowBegun) this.#endRow();
    return this.count;
  }

  get count(): StatementCount {
    return { rows: this.#rows, spentMicros: micros(this.#spentMicros) };
  }

  #readLetter(letter: string): void {
    if (letter === '"') this.#isQuoted = !this.#isQuoted;
    else if (this.#isQuoted) this.#keep(letter);
    else if (letter === ',') this.#endField();
    else if (letter === '\n') this.#endRow();
    else if (letter !== '\r' && letter !== BYTE_ORDER_MARK) this.#keep(letter);
    this.#isRowBegun = letter !== '\n' || this.#isQuoted;
  }

  /** Long texts are of no interest, and must not fill the memory. */
  #keep(letter: string): void {
    if (this.#isHeader || this.#fieldIndex === this.#amountIndex) this.#field += letter;
  }

  #endField(): void {
    if (this.#isHeader && this.#field === AMOUNT_COLUMN) this.#amountIndex = this.#fieldIndex;
    else if (!this.#isHeader && this.#fieldIndex === this.#amountIndex) this.#add(this.#field);
    this.#field = '';
    this.#fieldIndex += 1;
  }

  #endRow(): void {
    this.#endField();
    this.#fieldIndex = 0;
    if (!this.#isHeader) this.#rows += 1;
    this.#isHeader = false;
    this.#isRowBegun = false;
  }

  /** Spreadsheet-safe files write a debit as '-1200: the apostrophe keeps it from being taken for a formula. */
  #add(text: string): void {
    const amount = Number(text.replace(/^'/, ''));
    if (amount < 0) this.#spentMicros -= amount;
  }
}
