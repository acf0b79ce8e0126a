/**
 * What a table holds, told by a few words that do not depend on the order of its rows: how many there are, the sum of each column of
 * money, and a digest of every value of every row. Two tables with equal digests hold the same.
 */
import { hash } from 'node:crypto';
import type { AnyRow, InstallationTable } from './installation-tables.ts';

const DIGEST_BYTES = 32;

export interface TableContent {
  readonly rows: number;
  /** By column name; columns called ...Micros only. */
  readonly sums: Readonly<Record<string, bigint>>;
  readonly digest: string;
}

export class TableDigest {
  readonly #columns: readonly string[];
  readonly #sums: Map<string, bigint>;
  /** The digests of all rows, one laid over the other by exclusive or: keys make every row another one, so none cancel out. */
  readonly #digest = new Uint8Array(DIGEST_BYTES);
  #rows = 0;

  constructor({ columns }: Pick<InstallationTable, 'columns'>) {
    this.#columns = columns;
    this.#sums = new Map(columns.filter((name) => name.endsWith('Micros')).map((name) => [name, 0n]));
  }

  add(row: AnyRow): void {
    this.#rows += 1;
    for (const [name, sum] of this.#sums) {
      const value = row[name];
      if (typeof value === 'number') this.#sums.set(name, sum + BigInt(value));
    }
    const text = JSON.stringify(this.#columns.map((name) => row[name]));
    hash('sha256', text, 'buffer').forEach((byte, index) => {
      this.#digest[index] = (this.#digest[index] ?? 0) ^ byte;
    });
  }

  content(): TableContent {
    return {
      rows: this.#rows,
      sums: Object.fromEntries(this.#sums),
      digest: Buffer.from(this.#digest).toString('hex'),
    };
  }
}
