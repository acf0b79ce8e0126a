import type { Kysely } from 'kysely';
import type { Operation, OperationResult } from '../../ledger/operation.ts';
import type { RowWrite } from '../rows.ts';
import type { Database } from '../schema.ts';
import { type Claim, type NewWallet, type Store, UnavailableError } from '../store.ts';
import { NO_NEWS } from '../store-news.ts';
import type { Writer } from './sqlite-writer.ts';

/** Row writes that may wait for the next commit. */
const MAX_WAITING_ROW_WRITES = 8_192;

interface RowsOutcome {
  readonly applied: boolean;
  readonly conflict: string | null;
}

interface WaitingRows {
  readonly writes: readonly RowWrite[];
  readonly resolve: (outcome: RowsOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits in groups: row writes wait for the next turn of the event loop and for the row writes before them, or go along with a batch
 * of operations that comes first; either way one sync of the disk serves them all.
 */
export class SqliteStore implements Store {
  readonly place: string;
  /** Another process on the same file (the operator's commands) is found by looking. */
  readonly news = NO_NEWS;
  readonly db: Kysely<Database>;
  readonly #writer: Writer;
  #waitingRows: WaitingRows[] = [];
  /** null when no row writes wait. */
  #rowsWritten: Promise<void> | null = null;
  #isClosed = false;

  constructor(path: string, writer: Writer, db: Kysely<Database>) {
    this.place = `SQLite file ${path}`;
    this.db = db;
    this.#writer = writer;
  }

  async applyBatch(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    this.#assertOpen();
    const rows = this.#takeWaitingRows();
    try {
      const { conflicts, results } = await this.#writer.commit({ rowWrites: rows.map(writesOf), operations });
      settleRows(rows, conflicts);
      return results;
    } catch (reason) {
      if (rows.length === 0) throw reason;
      if (reason instanceof UnavailableError) throw rejectRows(rows, reason);
      // Nothing was committed. Apart from each other, each of the two meets its own errors.
      await this.#commitRows(rows);
      return (await this.#writer.commit({ rowWrites: [], operations })).results;
    }
  }

  writeRows(writes: readonly RowWrite[]): Promise<RowsOutcome> {
    return new Promise((resolve, reject) => {
      this.#assertOpen();
      if (this.#waitingRows.length >= MAX_WAITING_ROW_WRITES) {
        throw new UnavailableError(`The data file has ${MAX_WAITING_ROW_WRITES} writes waiting`);
      }
      this.#waitingRows.push({ writes, resolve, reject });
      this.#rowsWritten ??= this.#writeRows();
    });
  }

  async openWallet(wallet: NewWallet): Promise<void> {
    this.#assertOpen();
    const currency = await this.#writer.openWallet(wallet);
    if (currency !== wallet.currency) {
      throw new Error(
        `The wallet ${wallet.walletId} of ${wallet.accountId} is in ${currency}, not in ${wallet.currency}`,
      );
    }
  }

  async claim(claim: Claim): Promise<boolean> {
    this.#assertOpen();
    return await this.#writer.claim(claim);
  }

  async check(): Promise<void> {
    this.#assertOpen();
    await this.#writer.probe();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#rowsWritten;
    await this.db.destroy();
    await this.#writer.close();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new UnavailableError('The data file is closed');
  }

  #takeWaitingRows(): readonly WaitingRows[] {
    const rows = this.#waitingRows;
    this.#waitingRows = [];
    return rows;
  }

  /** Runs while row writes wait, one commit at a time. */
  async #writeRows(): Promise<void> {
    do {
      await nextTurn();
      await this.#commitRows(this.#takeWaitingRows());
    } while (this.#waitingRows.length > 0);
    this.#rowsWritten = null;
  }

  async #commitRows(rows: readonly WaitingRows[]): Promise<void> {
    if (rows.length === 0) return;
    try {
      const { conflicts } = await this.#writer.commit({ rowWrites: rows.map(writesOf), operations: [] });
      settleRows(rows, conflicts);
    } catch (reason) {
      if (rows.length === 1 || reason instanceof UnavailableError) {
        rejectRows(rows, reason);
        return;
      }
      // One bad write must not take the others with it.
      for (const row of rows) await this.#commitRows([row]);
    }
  }
}

function writesOf({ writes }: WaitingRows): readonly RowWrite[] {
  return writes;
}

function settleRows(rows: readonly WaitingRows[], conflicts: readonly (string | null)[]): void {
  rows.forEach(({ resolve }, index) => {
    const conflict = conflicts[index] ?? null;
    resolve({ applied: conflict === null, conflict });
  });
}

/** Tells everybody the same reason, and gives it back to be thrown. */
function rejectRows(rows: readonly WaitingRows[], reason: unknown): unknown {
  for (const { reject } of rows) reject(reason);
  return reason;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
