/**
 * Wallets as this connection last wrote them, so that a batch need not read them again: with many wallets each is a page somewhere else.
 * What is kept is true as long as nobody else has written, which SQLite says (`PRAGMA data_version`, asked inside the transaction), and
 * were it ever not, the version in the wallet's UPDATE would stop the transaction.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { WalletState } from '../../ledger/operation.ts';

export interface StoredWallet {
  readonly state: WalletState;
  readonly entryCount: number;
  /** Of the last entry, or what the first one is linked to. */
  readonly link: string;
}

/** About 400 bytes each. */
const MOST_WALLETS = 20_000;

export class KeptWallets {
  readonly #dataVersion: StatementSync;
  readonly #wallets = new Map<string, StoredWallet>();
  #version: unknown = null;

  constructor(database: DatabaseSync) {
    this.#dataVersion = database.prepare('PRAGMA data_version');
  }

  /** At the beginning of a transaction: forgets everything when another connection has written. */
  begin(): void {
    const version = this.#dataVersion.get()?.data_version;
    if (version !== this.#version) this.#wallets.clear();
    this.#version = version;
  }

  get(key: string): StoredWallet | undefined {
    return this.#wallets.get(key);
  }

  keep(key: string, wallet: StoredWallet): void {
    // The one that was written longest ago makes room.
    this.#wallets.delete(key);
    this.#wallets.set(key, wallet);
    if (this.#wallets.size <= MOST_WALLETS) return;
    const oldest = this.#wallets.keys().next();
    if (!oldest.done) this.#wallets.delete(oldest.value);
  }

  /** What was written is not there: the transaction was rolled back. */
  forget(): void {
    this.#wallets.clear();
  }
}
