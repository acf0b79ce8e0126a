import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Operation, OperationResult } from '../../ledger/operation.ts';
import type { RowWrite } from '../rows.ts';
import type { Database } from '../schema.ts';
import { type Claim, type NewWallet, type Store, UnavailableError } from '../store.ts';
import { NO_NEWS } from '../store-news.ts';
import { LogCheckpoints, passiveCheckpoint } from './log-checkpoints.ts';
import type { LogSync } from './log-sync.ts';
import { translateSqliteError } from './sqlite-error.ts';
import { createLedgerBatch, type LedgerBatch } from './sqlite-ledger-batch.ts';
import { createRowWriter, type RowWriter } from './sqlite-row-writer.ts';

/** Row writes that may wait for the next commit. */
const MAX_WAITING_ROW_WRITES = 8_192;

interface RowsOutcome {
  readonly applied: boolean;
  readonly conflict: string | null;
}

export interface SqliteParts {
  readonly path: string;
  readonly writer: DatabaseSync;
  readonly sync: LogSync;
  readonly db: Kysely<Database>;
}

interface WaitingRows {
  readonly writes: readonly RowWrite[];
  readonly resolve: (outcome: RowsOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Commits in groups: row writes wait for the next turn of the event loop, or go along with a batch of operations that comes first;
 * either way one sync of the disk serves them all. What is committed is answered when it is durable (log-sync.ts).
 */
export class SqliteStore implements Store {
  readonly place: string;
  /** Another process on the same file (the operator's commands) is found by looking. */
  readonly news = NO_NEWS;
  /** One is decided while the disk syncs the other. Each is decided as a whole before the next. */
  readonly batchesAtOnce = 2;
  readonly db: Kysely<Database>;
  readonly #writer: DatabaseSync;
  readonly #sync: LogSync;
  readonly #checkpoints: LogCheckpoints;
  readonly #rowWriter: RowWriter;
  readonly #ledgerBatch: LedgerBatch;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #waitingRows: WaitingRows[] = [];
  #isClosed = false;

  constructor({ path, writer, sync, db }: SqliteParts) {
    this.place = `SQLite file ${path}`;
    this.db = db;
    this.#writer = writer;
    this.#sync = sync;
    this.#checkpoints = new LogCheckpoints({ path, moveRest: passiveCheckpoint(writer) });
    this.#rowWriter = createRowWriter(writer);
    this.#ledgerBatch = createLedgerBatch(writer, this.#rowWriter);
    this.#begin = writer.prepare('BEGIN IMMEDIATE');
    this.#commit = writer.prepare('COMMIT');
  }

  async applyBatch(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    const results = this.#applyWithRows(operations);
    await this.#sync.everything();
    return results;
  }

  writeRows(writes: readonly RowWrite[]): Promise<RowsOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw closedError();
      if (this.#waitingRows.length >= MAX_WAITING_ROW_WRITES) {
        throw new UnavailableError(`The data file has ${MAX_WAITING_ROW_WRITES} writes waiting`);
      }
      if (this.#waitingRows.length === 0) setImmediate(() => this.#commitRows(this.#takeWaitingRows()));
      this.#waitingRows.push({ writes, resolve, reject });
    });
  }

  async openWallet({ accountId, walletId, currency }: NewWallet): Promise<void> {
    const found = this.#transaction(() => {
      this.#writer
        .prepare('INSERT INTO wallet(account_id, wallet_id, currency) VALUES(?, ?, ?) ON CONFLICT DO NOTHING')
        .run(accountId, walletId, currency);
      return this.#writer
        .prepare('SELECT currency FROM wallet WHERE account_id = ? AND wallet_id = ?')
        .get(accountId, walletId);
    });
    await this.#sync.everything();
    if (found?.currency !== currency) {
      throw new Error(`The wallet ${walletId} of ${accountId} is in ${found?.currency}, not in ${currency}`);
    }
  }

  /** Not synced: after a power cut nobody holds anything. */
  async claim({ name, holder, forMs }: Claim): Promise<boolean> {
    const nowMs = Date.now();
    return this.#transaction(() => {
      const { changes } = this.#writer
        .prepare(
          `INSERT INTO claim VALUES(?, ?, ?) ON CONFLICT(name) DO UPDATE
           SET holder = excluded.holder, until_ms = excluded.until_ms WHERE holder = excluded.holder OR until_ms <= ?`,
        )
        .run(name, holder, nowMs + forMs, nowMs);
      return changes === 1;
    });
  }

  async check(): Promise<void> {
    this.#transaction(() =>
      this.#writer.exec(
        'INSERT INTO store_probe VALUES(1, 1) ON CONFLICT(probe_id) DO UPDATE SET commits = commits + 1',
      ),
    );
    await this.#sync.everything();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#commitRows(this.#takeWaitingRows());
    this.#isClosed = true;
    await this.#sync.close();
    await this.#checkpoints.close();
    await this.db.destroy();
    this.#writer.close();
  }

  #applyWithRows(operations: readonly Operation[]): readonly OperationResult[] {
    const apply = () => this.#ledgerBatch.apply(operations);
    const rows = this.#takeWaitingRows();
    if (rows.length === 0) return this.#transaction(apply);
    try {
      const [outcomes, results] = this.#transaction(() => [this.#writeAll(rows), apply()] as const);
      this.#settleRows(rows, outcomes);
      return results;
    } catch (reason) {
      if (reason instanceof UnavailableError) throw rejectRows(rows, reason);
      // Nothing was committed. Apart from each other, each of the two meets its own errors.
      this.#commitRows(rows);
      return this.#transaction(apply);
    }
  }

  #takeWaitingRows(): readonly WaitingRows[] {
    const rows = this.#waitingRows;
    this.#waitingRows = [];
    return rows;
  }

  #commitRows(rows: readonly WaitingRows[]): void {
    if (rows.length === 0) return;
    try {
      this.#settleRows(
        rows,
        this.#transaction(() => this.#writeAll(rows)),
      );
    } catch (reason) {
      if (rows.length === 1 || reason instanceof UnavailableError) {
        rejectRows(rows, reason);
        return;
      }
      // One bad write must not take the others with it.
      for (const row of rows) this.#commitRows([row]);
    }
  }

  #writeAll(rows: readonly WaitingRows[]): readonly (string | null)[] {
    return rows.map(({ writes }) => this.#rowWriter.write(writes));
  }

  /** Told when the commit is durable. */
  #settleRows(rows: readonly WaitingRows[], conflicts: readonly (string | null)[]): void {
    this.#sync.everything().then(
      () => {
        rows.forEach(({ resolve }, index) => {
          const conflict = conflicts[index] ?? null;
          resolve({ applied: conflict === null, conflict });
        });
      },
      (reason: unknown) => rejectRows(rows, reason),
    );
  }

  /** Runs `work` in one transaction, durable with the next sync; when it throws, nothing is applied. */
  #transaction<Result>(work: () => Result): Result {
    if (this.#isClosed) throw closedError();
    this.#sync.assertWhole();
    try {
      this.#begin.run();
      const result = work();
      this.#commit.run();
      this.#checkpoints.committed();
      return result;
    } catch (reason) {
      // A full disk may have ended the transaction already.
      if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK');
      this.#ledgerBatch.forget();
      throw translateSqliteError(reason);
    }
  }
}

/** Tells everybody the same reason, and gives it back to be thrown. */
function rejectRows(rows: readonly WaitingRows[], reason: unknown): unknown {
  for (const { reject } of rows) reject(reason);
  return reason;
}

function closedError(): UnavailableError {
  return new UnavailableError('The data file is closed');
}
