/**
 * The connection that writes: one transaction at a time, durable when its promise resolves. Nothing here waits for anything but the
 * disk: each method has done its work when it returns, so calls never overlap.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Operation, OperationResult } from '../../ledger/operation.ts';
import type { RowWrite } from '../rows.ts';
import type { Claim, NewWallet } from '../store.ts';
import { translateSqliteError } from './sqlite-error.ts';
import { createLedgerBatch, type LedgerBatch } from './sqlite-ledger-batch.ts';
import { createRowWriter, type RowWriter } from './sqlite-row-writer.ts';

export interface Commit {
  /** Each is written as a whole or not at all, before the operations. */
  readonly rowWrites: readonly (readonly RowWrite[])[];
  readonly operations: readonly Operation[];
}

export interface CommitResult {
  /** For each of `rowWrites`: the table of its conflict, null when it was written. */
  readonly conflicts: readonly (string | null)[];
  readonly results: readonly OperationResult[];
}

/** Rejects only when nothing of what was asked is applied: with UnavailableError when the world is at fault. */
export interface Writer {
  /** All in one transaction. */
  commit(commit: Commit): Promise<CommitResult>;
  /** Makes an empty wallet when there is none; returns the currency of the one there is. */
  openWallet(wallet: NewWallet): Promise<string>;
  claim(claim: Claim): Promise<boolean>;
  /** Commits something that nobody needs. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export class SqliteWriter implements Writer {
  readonly #database: DatabaseSync;
  readonly #rowWriter: RowWriter;
  readonly #ledgerBatch: LedgerBatch;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#rowWriter = createRowWriter(database);
    this.#ledgerBatch = createLedgerBatch(database, this.#rowWriter);
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  async commit({ rowWrites, operations }: Commit): Promise<CommitResult> {
    return this.#transaction(() => ({
      conflicts: rowWrites.map((writes) => this.#rowWriter.write(writes)),
      results: this.#ledgerBatch.apply(operations),
    }));
  }

  async openWallet({ accountId, walletId, currency }: NewWallet): Promise<string> {
    const found = this.#transaction(() => {
      this.#database
        .prepare('INSERT INTO wallet(account_id, wallet_id, currency) VALUES(?, ?, ?) ON CONFLICT DO NOTHING')
        .run(accountId, walletId, currency);
      return this.#database
        .prepare('SELECT currency FROM wallet WHERE account_id = ? AND wallet_id = ?')
        .get(accountId, walletId);
    });
    return String(found?.currency);
  }

  async claim({ name, holder, forMs }: Claim): Promise<boolean> {
    const nowMs = Date.now();
    return this.#transaction(() => {
      const { changes } = this.#database
        .prepare(
          `INSERT INTO claim VALUES(?, ?, ?) ON CONFLICT(name) DO UPDATE
           SET holder = excluded.holder, until_ms = excluded.until_ms WHERE holder = excluded.holder OR until_ms <= ?`,
        )
        .run(name, holder, nowMs + forMs, nowMs);
      return changes === 1;
    });
  }

  async probe(): Promise<void> {
    this.#transaction(() =>
      this.#database.exec(
        'INSERT INTO store_probe VALUES(1, 1) ON CONFLICT(probe_id) DO UPDATE SET commits = commits + 1',
      ),
    );
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  /** Runs `work` in one durable transaction; when it throws, nothing is applied. */
  #transaction<Result>(work: () => Result): Result {
    try {
      this.#begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (reason) {
      // A full disk may have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw translateSqliteError(reason);
    }
  }
}
