/**
 * Wallets, the ends of their chains and limit counters while one batch is decided: each is read once and written once, however many
 * operations of the batch concern it. Belongs to one transaction: it must be flushed before COMMIT, and forgotten when the transaction is
 * rolled back.
 */
import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { micros } from '../../../src/protocol/money.ts';
import { entryLink, type LinkedEntry, walletLink } from '../../ledger/entry-link.ts';
import type { WalletState } from '../../ledger/operation.ts';
import type { KeptWallets, StoredWallet } from './kept-wallets.ts';

export interface BatchMemoryStatements {
  readonly readWallet: StatementSync;
  readonly writeWallet: StatementSync;
  readonly readCounter: StatementSync;
  readonly writeCounter: StatementSync;
}

/** A wallet as the operations of the batch up to now left it. */
export interface BatchWallet {
  readonly accountId: string;
  readonly walletId: string;
  /** As it is stored; null when there is none. */
  readonly stored: WalletState | null;
  /** Written when the batch is flushed; null when there is no such wallet. */
  state: WalletState | null;
  entryCount: number;
  /** Of the last entry, or what the first one is linked to. */
  link: string;
}

interface KeptCounter {
  readonly accountId: string;
  readonly limitKey: string;
  used: number;
  isToBeWritten: boolean;
}

export class SqliteBatchMemory {
  readonly #statements: BatchMemoryStatements;
  readonly #kept: KeptWallets;
  readonly #wallets = new Map<string, BatchWallet>();
  readonly #counters = new Map<string, KeptCounter>();

  constructor(statements: BatchMemoryStatements, kept: KeptWallets) {
    this.#statements = statements;
    this.#kept = kept;
  }

  walletOf({ accountId, walletId }: WalletAddress): BatchWallet {
    const key = keyOf(accountId, walletId);
    let wallet = this.#wallets.get(key);
    if (wallet === undefined) {
      const { state, entryCount, link } = this.#kept.get(key) ?? this.#read({ accountId, walletId });
      wallet = { accountId, walletId, stored: state, state, entryCount, link };
      this.#wallets.set(key, wallet);
    }
    return wallet;
  }

  /** 0 for a limit never used. */
  usedOf(accountId: string, limitKey: string): number {
    return this.#counter(accountId, limitKey).used;
  }

  keepUsed(accountId: string, { limitKey, used }: { readonly limitKey: string; readonly used: number }): void {
    const counter = this.#counter(accountId, limitKey);
    counter.used = used;
    counter.isToBeWritten = true;
  }

  /** Writes what has changed. Throws when a wallet is not the one that was read: then nobody may commit. */
  flush(): void {
    const { writeWallet, writeCounter } = this.#statements;
    for (const [key, { accountId, walletId, stored, state, entryCount, link }] of this.#wallets) {
      if (state === null || stored === null || state.version === stored.version) continue;
      const { balanceMicros, heldMicros, version } = state;
      const chain = [entryCount, entryCount === 0 ? null : link];
      const address = [accountId, walletId, stored.version];
      const { changes } = writeWallet.run(balanceMicros, heldMicros, version, ...chain, ...address);
      if (changes !== 1) throw new Error('The wallet changed between reading and writing');
      this.#kept.keep(key, { state, entryCount, link });
    }
    for (const { accountId, limitKey, used, isToBeWritten } of this.#counters.values()) {
      if (isToBeWritten) writeCounter.run(accountId, limitKey, used);
    }
  }

  #read({ accountId, walletId }: WalletAddress): StoredWallet | typeof NO_WALLET {
    const row = this.#statements.readWallet.get(accountId, walletId);
    if (row === undefined) return NO_WALLET;
    const link = row.link ?? walletLink({ accountId, walletId, currency: String(row.currency) });
    return { state: walletIn(row), entryCount: integerIn(row, 'entryCount'), link: String(link) };
  }

  #counter(accountId: string, limitKey: string): KeptCounter {
    const key = keyOf(accountId, limitKey);
    let kept = this.#counters.get(key);
    if (kept === undefined) {
      const row = this.#statements.readCounter.get(accountId, limitKey);
      const used = row === undefined ? 0 : integerIn(row, 'used');
      kept = { accountId, limitKey, used, isToBeWritten: false };
      this.#counters.set(key, kept);
    }
    return kept;
  }
}

/** Puts an entry at the end of its wallet's chain. */
export function linkEntry(
  wallet: BatchWallet,
  entry: Omit<LinkedEntry, 'sequence'>,
): { readonly sequence: number; readonly link: string } {
  const sequence = wallet.entryCount + 1;
  const link = entryLink(wallet.link, { ...entry, sequence });
  wallet.entryCount = sequence;
  wallet.link = link;
  return { sequence, link };
}

interface WalletAddress {
  readonly accountId: string;
  readonly walletId: string;
}

/** The length keeps two pairs of ids apart that read the same when put together. */
function keyOf(accountId: string, id: string): string {
  return `${accountId.length}:${accountId}${id}`;
}

/** Nothing is linked to a wallet that is not there. */
const NO_WALLET = { state: null, entryCount: 0, link: '' } as const;

function walletIn(row: Readonly<Record<string, SQLOutputValue>>): WalletState {
  return {
    balanceMicros: micros(integerIn(row, 'balanceMicros')),
    heldMicros: micros(integerIn(row, 'heldMicros')),
    version: integerIn(row, 'version'),
  };
}

/** Throws TypeError when the column is no number. */
export function integerIn(row: Readonly<Record<string, SQLOutputValue>>, name: string): number {
  const value = row[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`);
  return value;
}
