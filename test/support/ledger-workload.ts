/** The benchmark's calls, as operations of the ledger and as the bare statements that those come down to. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { operationFingerprint } from '../../server/ledger/operation-fingerprint.ts';
import { LEDGER_SQL } from '../../server/storage/sqlite/sqlite-ledger-batch.ts';
import { ACCOUNT, holdOf, settleOf } from './ledger-operations.ts';

export const WALLET_COUNT = 10_000;
const HELD_MICROS = 60_000;
const CAPTURED_MICROS = 41_000;
const AT_MS = 1_750_000_000_000;
/** As long as a real one: to make them is a part of what the ledger costs, and not of what SQLite does. */
const LINK = 'ab'.repeat(32);

/** One call: authorize, then settle. */
export function callOperations(round: number, call: number, walletId = walletOf(call)) {
  const holdId = idOf('call', round, call);
  return {
    hold: holdOf(HELD_MICROS, { operationId: idOf('hold', round, call), holdId, walletId }),
    settle: settleOf(CAPTURED_MICROS, { operationId: idOf('settle', round, call), holdId, walletId }),
  };
}

/** Spreads calls over the wallets; 7,919 is a prime, so that neighbours are far apart and all are met. */
export function walletOf(call: number): string {
  return `wallet-${(call * 7_919) % WALLET_COUNT}`;
}

/** As long as a UUID, and like a UUIDv7 in growing order. */
function idOf(what: string, round: number, call: number): string {
  return `0197f3a2-${String(round).padStart(4, '0')}-7c11-8a40-${String(call).padStart(8, '0')}-${what}`;
}

type Statements = { readonly [Name in keyof typeof LEDGER_SQL]: StatementSync };

/** The statements of the ledger's hot path in its order, with values that cost nothing to find. */
export class RawLedgerStatements {
  readonly #sql: Statements;
  readonly #holdFingerprint = operationFingerprint(callOperations(0, 0).hold);
  readonly #settleFingerprint = operationFingerprint(callOperations(0, 0).settle);

  constructor(database: DatabaseSync) {
    const prepared = Object.entries(LEDGER_SQL).map(([name, sql]) => [name, database.prepare(sql)] as const);
    // The keys are those of LEDGER_SQL, one for one.
    this.#sql = Object.fromEntries(prepared) as Statements;
  }

  hold(round: number, call: number): void {
    const [walletId, holdId, operationId] = [walletOf(call), idOf('call', round, call), idOf('hold', round, call)];
    const sql = this.#sql;
    sql.readOperation.get(ACCOUNT, operationId);
    const { balance, version, entries, link } = this.#wallet(walletId);
    sql.readHold.get(ACCOUNT, holdId);
    sql.writeWallet.run(balance, HELD_MICROS, version + 1, entries, link, ACCOUNT, walletId, version);
    sql.openHold.run(ACCOUNT, holdId, walletId, HELD_MICROS, null, AT_MS);
    this.#operation([operationId, this.#holdFingerprint, HELD_MICROS, 0, balance, HELD_MICROS, version + 1]);
  }

  settle(round: number, call: number): void {
    const [walletId, holdId, operationId] = [walletOf(call), idOf('call', round, call), idOf('settle', round, call)];
    const sql = this.#sql;
    sql.readOperation.get(ACCOUNT, operationId);
    const { balance, version, entries } = this.#wallet(walletId);
    sql.readHold.get(ACCOUNT, holdId);
    const after = balance - CAPTURED_MICROS;
    const sequence = entries + 1;
    sql.writeWallet.run(after, 0, version + 1, sequence, LINK, ACCOUNT, walletId, version);
    sql.closeHold.run(CAPTURED_MICROS, AT_MS, ACCOUNT, holdId);
    this.#operation([operationId, this.#settleFingerprint, 0, CAPTURED_MICROS, after, 0, version + 1]);
    const [words, chain] = [
      ['outbound_call', holdId, AT_MS],
      [sequence, after, LINK],
    ];
    const id = [ACCOUNT, operationId] as const;
    sql.writeEntries.run(
      ...[...id, 0, walletId, 'wallet', -CAPTURED_MICROS, ...words, ...chain],
      ...[...id, 1, walletId, 'revenue_calls', CAPTURED_MICROS, ...words, sequence, null, null],
    );
  }

  #wallet(walletId: string) {
    const row = this.#sql.readWallet.get(ACCOUNT, walletId);
    return {
      balance: Number(row?.balanceMicros),
      version: Number(row?.version),
      entries: Number(row?.entryCount),
      link: row?.link ?? null,
    };
  }

  #operation([id, fingerprint, held, captured, balance, walletHeld, version]: [
    string,
    string,
    number,
    number,
    number,
    number,
    number,
  ]) {
    const { changes } = this.#sql.writeOperation.run(
      ...[ACCOUNT, id, fingerprint, held, captured, 0, balance, walletHeld, version, AT_MS],
    );
    if (changes !== 1) throw new Error('The raw side wrote nothing');
  }
}
