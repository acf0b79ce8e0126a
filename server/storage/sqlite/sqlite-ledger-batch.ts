/**
 * Operations into SQLite: the hot path, so its statements are written by hand and kept prepared. One writer and BEGIN IMMEDIATE make
 * read, decide, write safe; the wallet's version in the UPDATE and its CHECKs stop the transaction if that were ever not so.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type Micros, micros } from '../../../src/protocol/money.ts';
import { type Change, decide, type HoldState } from '../../ledger/decide.ts';
import type { LimitUse, Operation, OperationRefusal, OperationResult, WalletState } from '../../ledger/operation.ts';
import { operationFingerprint } from '../../ledger/operation-fingerprint.ts';
import { KeptWallets } from './kept-wallets.ts';
import { type BatchWallet, integerIn, linkEntry, SqliteBatchMemory } from './sqlite-batch-memory.ts';
import type { RowWriter } from './sqlite-row-writer.ts';

/** Exported for the benchmark, which runs the same statements without us. */
export const LEDGER_SQL = {
  readOperation: `SELECT fingerprint, held_micros AS heldMicros, captured_micros AS capturedMicros, short_micros AS shortMicros,
    wallet_balance_micros AS walletBalanceMicros, wallet_held_micros AS walletHeldMicros, wallet_version AS walletVersion
    FROM operation WHERE account_id = ? AND operation_id = ?`,
  readWallet: `SELECT balance_micros AS balanceMicros, held_micros AS heldMicros, version, currency, entry_count AS entryCount, link
    FROM wallet WHERE account_id = ? AND wallet_id = ?`,
  readHold: `SELECT wallet_id AS walletId, total_micros AS totalMicros, captured_micros AS capturedMicros, limits
    FROM hold WHERE account_id = ? AND hold_id = ?`,
  readCounter: 'SELECT used FROM limit_counter WHERE account_id = ? AND limit_key = ?',
  writeOperation: 'INSERT INTO operation VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  writeWallet: `UPDATE wallet SET balance_micros = ?, held_micros = ?, version = ?, entry_count = ?, link = ?
    WHERE account_id = ? AND wallet_id = ? AND version = ?`,
  openHold: 'INSERT INTO hold VALUES(?, ?, ?, ?, NULL, ?, ?, NULL)',
  growHold: 'UPDATE hold SET total_micros = ? WHERE account_id = ? AND hold_id = ? AND captured_micros IS NULL',
  closeHold: `UPDATE hold SET captured_micros = ?, closed_at_ms = ?
    WHERE account_id = ? AND hold_id = ? AND captured_micros IS NULL`,
  writeCounter: `INSERT INTO limit_counter VALUES(?, ?, ?)
    ON CONFLICT(account_id, limit_key) DO UPDATE SET used = excluded.used`,
  /** Both lines of an operation. */
  writeEntries: 'INSERT INTO entry VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
} as const;

export interface LedgerBatch {
  /**
   * Applies operations in their order inside the transaction of its caller. Throws only when the whole transaction must be rolled
   * back.
   */
  apply(operations: readonly Operation[]): readonly OperationResult[];
  /** To be told when the transaction of an `apply` was rolled back. */
  forget(): void;
}

export function createLedgerBatch(database: DatabaseSync, rowWriter: RowWriter): LedgerBatch {
  return new SqliteLedgerBatch(database, rowWriter);
}

type Row = Readonly<Record<string, SQLOutputValue>>;
type Statements = { readonly [Name in keyof typeof LEDGER_SQL]: StatementSync };

class SqliteLedgerBatch implements LedgerBatch {
  readonly #statements: Statements;
  readonly #rowWriter: RowWriter;
  readonly #kept: KeptWallets;

  constructor(database: DatabaseSync, rowWriter: RowWriter) {
    this.#statements = prepareAll(database);
    this.#rowWriter = rowWriter;
    this.#kept = new KeptWallets(database);
  }

  apply(operations: readonly Operation[]): readonly OperationResult[] {
    this.#kept.begin();
    const memory = new SqliteBatchMemory(this.#statements, this.#kept);
    const results = operations.map((operation) => this.#applyOne(operation, memory));
    memory.flush();
    return results;
  }

  forget(): void {
    this.#kept.forget();
  }

  #applyOne(operation: Operation, memory: SqliteBatchMemory): OperationResult {
    const { accountId, operationId } = operation;
    const fingerprint = operationFingerprint(operation);
    const stored = this.#statements.readOperation.get(accountId, operationId);
    if (stored !== undefined) {
      return stored.fingerprint === fingerprint
        ? repeatOf(stored)
        : refusedWith({ code: 'id_reused' }, memory.walletOf(operation).state);
    }
    const wallet = memory.walletOf(operation);
    const decision = decide(operation, {
      wallet: wallet.state,
      hold: this.#readHold(operation),
      usedOf: (limitKey) => memory.usedOf(accountId, limitKey),
    });
    if (!decision.isApplied) return refusedWith(decision.refusal, wallet.state);
    const table = this.#rowWriter.write(operation.alongside);
    if (table !== null) return refusedWith({ code: 'row_conflict', table }, wallet.state);
    if (decision.wallet !== null) wallet.state = decision.wallet;
    for (const counter of decision.counters) memory.keepUsed(accountId, counter);
    this.#write(operation, fingerprint, decision);
    if (decision.postings.length > 0) this.#writeEntries(operation, decision, wallet);
    return decision.result;
  }

  #readHold(operation: Operation): HoldState | null {
    if (!('holdId' in operation)) return null;
    const row = this.#statements.readHold.get(operation.accountId, operation.holdId);
    if (row === undefined) return null;
    return {
      walletId: textIn(row, 'walletId'),
      totalMicros: microsIn(row, 'totalMicros'),
      capturedMicros: row.capturedMicros === null ? null : microsIn(row, 'capturedMicros'),
      // Only #writeHold below writes this column.
      limits: row.limits === null ? NO_LIMITS : (JSON.parse(textIn(row, 'limits')) as LimitUse[]),
    };
  }

  #write(operation: Operation, fingerprint: string, { result, hold }: Change): void {
    const { accountId, operationId, atMs } = operation;
    const { balanceMicros, heldMicros, version } = result.wallet;
    if (hold !== null) this.#writeHold(operation, hold);
    this.#statements.writeOperation.run(
      accountId,
      operationId,
      fingerprint,
      result.heldMicros,
      result.capturedMicros,
      result.shortMicros,
      balanceMicros,
      heldMicros,
      version,
      atMs,
    );
  }

  #writeHold(operation: Operation, hold: HoldState): void {
    const { accountId, atMs } = operation;
    const { openHold, growHold, closeHold } = this.#statements;
    const { walletId, totalMicros, capturedMicros } = hold;
    switch (operation.kind) {
      case 'hold': {
        const limits = hold.limits.length === 0 ? null : JSON.stringify(hold.limits);
        openHold.run(accountId, operation.holdId, walletId, totalMicros, limits, atMs);
        break;
      }
      case 'extend':
        changeOne(growHold.run(totalMicros, accountId, operation.holdId), 'hold');
        break;
      case 'settle':
        changeOne(closeHold.run(capturedMicros, atMs, accountId, operation.holdId), 'hold');
        break;
      case 'credit':
      case 'charge':
        throw new Error(`A ${operation.kind} has no hold`);
    }
  }

  #writeEntries(operation: Operation, { postings, result }: Change, wallet: BatchWallet): void {
    const [ours, other] = postings;
    if (!('entryKind' in operation) || ours === undefined || other === undefined) {
      throw new Error(`A ${operation.kind} posts no such entries`);
    }
    const { accountId, operationId, walletId, entryKind, reference, atMs } = operation;
    const { amountMicros } = ours;
    const { balanceMicros } = result.wallet;
    const about = { accountId, walletId, operationId, atMs, entryKind, reference };
    const otherAccount = other.ledgerAccount;
    const { sequence, link } = linkEntry(wallet, { ...about, otherAccount, amountMicros, balanceMicros });
    const id = [accountId, operationId] as const;
    const words = [entryKind, reference, atMs, sequence] as const;
    this.#statements.writeEntries.run(
      ...[...id, 0, walletId, ours.ledgerAccount, amountMicros, ...words, balanceMicros, link],
      ...[...id, 1, walletId, otherAccount, other.amountMicros, ...words, null, null],
    );
  }
}

const NO_LIMITS: readonly LimitUse[] = [];

function prepareAll(database: DatabaseSync): Statements {
  const entries = Object.entries(LEDGER_SQL).map(([name, sql]) => [name, database.prepare(sql)] as const);
  // The keys are those of LEDGER_SQL, one for one.
  return Object.fromEntries(entries) as Statements;
}

function repeatOf(stored: Row): OperationResult {
  return {
    applied: true,
    isRepeat: true,
    heldMicros: microsIn(stored, 'heldMicros'),
    capturedMicros: microsIn(stored, 'capturedMicros'),
    shortMicros: microsIn(stored, 'shortMicros'),
    wallet: {
      balanceMicros: microsIn(stored, 'walletBalanceMicros'),
      heldMicros: microsIn(stored, 'walletHeldMicros'),
      version: integerIn(stored, 'walletVersion'),
    },
  };
}

function refusedWith(refusal: OperationRefusal, wallet: WalletState | null): OperationResult {
  return { applied: false, refusal, wallet };
}

function changeOne({ changes }: { readonly changes: number | bigint }, what: string): void {
  if (changes !== 1) throw new Error(`The ${what} changed between reading and writing`);
}

function microsIn(row: Row, name: string): Micros {
  return micros(integerIn(row, name));
}

function textIn(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not a text`);
  return value;
}
