/** Adds up what the ledger's rows say and compares it with what its wallets and counters say. Knows no database. */
import type { LimitCounterRow, WalletRow } from '../storage/ledger-rows.ts';
import { type LimitUse, WALLET_LEDGER_ACCOUNT } from './operation.ts';

export interface LedgerDifference {
  /**
   * balance: a wallet against its entries; held: a wallet against its open holds; overdrawn: less than nothing available; entries:
   * the lines of one operation do not sum to zero; limit: a counter against its holds; wallet_missing: entries or holds of no wallet.
   */
  readonly what: 'balance' | 'held' | 'overdrawn' | 'entries' | 'limit' | 'wallet_missing';
  readonly accountId: string;
  /** The wallet id, operation id or limit key. */
  readonly subject: string;
  /** What entries and holds say. */
  readonly expected: bigint;
  /** What is stored. */
  readonly found: bigint;
}

export interface LedgerReport {
  readonly wallets: number;
  readonly entries: number;
  readonly holds: number;
  readonly differences: readonly LedgerDifference[];
}

export interface CheckProgress {
  readonly done: number;
  readonly total: number;
}

export interface EntryLine {
  readonly accountId: string;
  readonly operationId: string;
  readonly line: number;
  readonly walletId: string;
  readonly ledgerAccount: string;
  readonly amountMicros: number;
}
export interface HoldLine {
  readonly accountId: string;
  readonly holdId: string;
  readonly walletId: string;
  readonly totalMicros: number;
  readonly capturedMicros: number | null;
  readonly limits: string | null;
}
/** One line for an operator; amounts are micros. */
export function describeDifference({ what, accountId, subject, expected, found }: LedgerDifference): string {
  const words = {
    balance: `the entries of wallet ${subject} sum to ${expected}, its balance is ${found}`,
    held: `the open holds of wallet ${subject} sum to ${expected}, it has ${found} held`,
    overdrawn: `wallet ${subject} has ${found} available`,
    entries: `the entries of operation ${subject} sum to ${found}, not to ${expected}`,
    limit: `the holds of limit ${subject} use ${expected}, its counter says ${found}`,
    wallet_missing: `there are entries or holds worth ${expected} of wallet ${subject}, which does not exist`,
  };
  return `account ${accountId}: ${words[what]}`;
}

/** Entries and holds first, in any number of pages; then wallets and counters, once. */
export class LedgerAudit {
  readonly #total: number;
  readonly #onProgress: (progress: CheckProgress) => void;
  readonly #balances = new Sums();
  readonly #held = new Sums();
  readonly #used = new Sums();
  readonly #differences: LedgerDifference[] = [];
  #operation: Sum | null = null;
  #entries = 0;
  #holds = 0;
  #wallets = 0;

  constructor(total: number, onProgress: (progress: CheckProgress) => void) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /** Lines come in the order of their operations. */
  addEntries(page: readonly EntryLine[]): void {
    for (const { accountId, operationId, walletId, ledgerAccount, amountMicros } of page) {
      if (ledgerAccount === WALLET_LEDGER_ACCOUNT) this.#balances.add(accountId, walletId, amountMicros);
      if (this.#operation?.accountId !== accountId || this.#operation.subject !== operationId) {
        this.#closeOperation();
        this.#operation = { accountId, subject: operationId, value: 0n };
      }
      this.#operation.value += BigInt(amountMicros);
    }
    this.#entries += page.length;
    this.#tellProgress();
  }

  addHolds(page: readonly HoldLine[]): void {
    for (const { accountId, walletId, totalMicros, capturedMicros, limits } of page) {
      if (capturedMicros === null) this.#held.add(accountId, walletId, totalMicros);
      if (limits === null) continue;
      // Written by the store from the limits of a hold operation.
      for (const { limitKey, use, keeps } of JSON.parse(limits) as LimitUse[]) {
        const used = keeps === 'captured' ? (capturedMicros ?? totalMicros) : capturedMicros === null ? use : 0;
        this.#used.add(accountId, limitKey, used);
      }
    }
    this.#holds += page.length;
    this.#tellProgress();
  }

  compareWallets(wallets: readonly Pick<WalletRow, 'accountId' | 'walletId' | 'balanceMicros' | 'heldMicros'>[]): void {
    this.#wallets = wallets.length;
    for (const { accountId, walletId, balanceMicros, heldMicros } of wallets) {
      const wallet = { accountId, subject: walletId };
      this.#compare({ what: 'balance', ...wallet, expected: this.#balances.take(accountId, walletId) }, balanceMicros);
      this.#compare({ what: 'held', ...wallet, expected: this.#held.take(accountId, walletId) }, heldMicros);
      const availableMicros = balanceMicros - heldMicros;
      if (availableMicros < 0) {
        this.#differences.push({ what: 'overdrawn', ...wallet, expected: 0n, found: BigInt(availableMicros) });
      }
    }
    this.#reportLeft('wallet_missing', this.#balances);
    this.#reportLeft('wallet_missing', this.#held);
  }

  compareCounters(counters: readonly LimitCounterRow[]): void {
    for (const { accountId, limitKey, used } of counters) {
      this.#compare(
        { what: 'limit', accountId, subject: limitKey, expected: this.#used.take(accountId, limitKey) },
        used,
      );
    }
    this.#reportLeft('limit', this.#used);
  }

  report(): LedgerReport {
    this.#closeOperation();
    return { wallets: this.#wallets, entries: this.#entries, holds: this.#holds, differences: this.#differences };
  }

  #closeOperation(): void {
    const operation = this.#operation;
    if (operation === null || operation.value === 0n) return;
    const { accountId, subject, value } = operation;
    this.#differences.push({ what: 'entries', accountId, subject, expected: 0n, found: value });
  }

  #compare(difference: Omit<LedgerDifference, 'found'>, found: number): void {
    if (difference.expected !== BigInt(found)) this.#differences.push({ ...difference, found: BigInt(found) });
  }

  #reportLeft(what: 'wallet_missing' | 'limit', sums: Sums): void {
    for (const { accountId, subject, value } of sums.left()) {
      this.#differences.push({ what, accountId, subject, expected: value, found: 0n });
    }
  }

  #tellProgress(): void {
    this.#onProgress({ done: this.#entries + this.#holds, total: this.#total });
  }
}

interface Sum {
  readonly accountId: string;
  readonly subject: string;
  value: bigint;
}

/** Sums by account and subject. Exact whatever the order of adding: hence bigint. */
class Sums {
  readonly #sums = new Map<string, Sum>();

  add(accountId: string, subject: string, value: number): void {
    const key = JSON.stringify([accountId, subject]);
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { accountId, subject, value: BigInt(value) });
    else sum.value += BigInt(value);
  }

  /** The sum, which is then forgotten: what is left at the end was asked for by nobody. */
  take(accountId: string, subject: string): bigint {
    const key = JSON.stringify([accountId, subject]);
    const value = this.#sums.get(key)?.value ?? 0n;
    this.#sums.delete(key);
    return value;
  }

  left(): readonly Sum[] {
    return [...this.#sums.values()].filter(({ value }) => value !== 0n);
  }
}
