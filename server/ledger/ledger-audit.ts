/** Adds up what the ledger's rows say and compares it with what its wallets and counters say. Knows no database. */
import type { LimitCounterRow } from '../storage/ledger-rows.ts';
import { type ChainBreak, ChainWalk } from './chain-walk.ts';
import { walletLink } from './entry-link.ts';
import { ExactSum } from './exact-sum.ts';
import type { ChainLine, EntryLine, HoldLine, OperationLine, WalletLine } from './ledger-pages.ts';
import { type LimitUse, WALLET_LEDGER_ACCOUNT } from './operation.ts';

export interface LedgerDifference {
  /**
   * balance: a wallet against its entries; held: a wallet against its open holds; overdrawn: less than nothing available; entries:
   * the lines of one operation do not sum to zero; orphan: entries of no operation; limit: a counter against its holds;
   * wallet_missing: entries or holds of no wallet; version: a wallet that has seen more, or fewer, changes than there are operations;
   * last_balance, last_held: a wallet that is not what its last operation left.
   *
   * The first thing that is wrong with a wallet's chain, and only the first: sequence, balance_after, link: an entry that does not
   * follow from the one before it; other_side: one whose two sides are not about the same; last_sequence, last_link: the wallet ends
   * with another entry than the last one there is.
   */
  readonly what:
    | 'balance'
    | 'held'
    | 'overdrawn'
    | 'entries'
    | 'orphan'
    | 'limit'
    | 'wallet_missing'
    | 'version'
    | 'last_balance'
    | 'last_held'
    | 'sequence'
    | 'balance_after'
    | 'link'
    | 'other_side'
    | 'last_sequence'
    | 'last_link';
  readonly accountId: string;
  /** The wallet id, operation id or limit key; empty for the account as a whole. */
  readonly subject: string;
  /** What entries, holds and operations say; of link and last_link the link itself. */
  readonly expected: bigint | string;
  /** What is stored. */
  readonly found: bigint | string;
  /** The wallet that an operation's entries belong to. */
  readonly walletId?: string;
  /** Of the entry in its wallet's chain. */
  readonly sequence?: number;
}

/** Differences that are kept and listed; more are only counted. Enough to see what happened, and a bound for the memory. */
const MAX_LISTED_DIFFERENCES = 1_000;

export interface LedgerReport {
  readonly wallets: number;
  readonly operations: number;
  readonly entries: number;
  readonly holds: number;
  readonly differenceCount: number;
  /** The first MAX_LISTED_DIFFERENCES. */
  readonly differences: readonly LedgerDifference[];
}

/** One line for an operator; amounts are micros. */
export function describeDifference(difference: LedgerDifference): string {
  const { what, accountId, subject, expected, found, walletId = '', sequence = 0 } = difference;
  const breaks = `the chain of wallet ${walletId} breaks`;
  const breaksAt = `${breaks} at entry ${sequence} (operation ${subject})`;
  const words = {
    balance: `the entries of wallet ${subject} sum to ${expected}, its balance is ${found}`,
    held: `the open holds of wallet ${subject} sum to ${expected}, it has ${found} held`,
    overdrawn: `wallet ${subject} has ${found} available`,
    entries: `the entries of operation ${subject} on wallet ${walletId} sum to ${found}, not to ${expected}`,
    orphan: `there are entries worth ${found} on wallet ${walletId} of operation ${subject}, which does not exist`,
    limit: `the holds of limit ${subject} use ${expected}, its counter says ${found}`,
    wallet_missing: `there are entries or holds worth ${expected} of wallet ${subject}, which does not exist`,
    version:
      subject === ''
        ? `its operations allow wallet versions up to ${expected} in sum, its wallets have ${found}`
        : `operation ${subject} left wallet ${walletId} at version ${expected}, which is now at ${found}`,
    last_balance: `operation ${subject}, the last on wallet ${walletId}, left it a balance of ${expected}, which is now ${found}`,
    sequence: `${breaks} where entry ${expected} should be: there is entry ${found} (operation ${subject})`,
    balance_after: `${breaksAt}: the balance after it should be ${expected}, it says ${found}`,
    link: `${breaksAt}: its link should be ${expected}, it is ${found}`,
    other_side: `${breaksAt}: its other side is missing or about something else`,
    last_sequence: `the last entry of wallet ${subject} is ${expected}, the wallet says ${found}`,
    last_link: `the last link of wallet ${subject} is ${expected}, the wallet says ${found}`,
    last_held: `operation ${subject}, the last on wallet ${walletId}, left ${expected} held, which is now ${found}`,
  };
  return `account ${accountId}: ${words[what]}`;
}

/**
 * One account after the other: its wallets first, then operations, entries and holds in any mixture (the entries of an operation
 * together, after it), then its counters; closeAccount compares and forgets, so that memory follows the largest account.
 */
export class LedgerAudit {
  readonly #differences: LedgerDifference[] = [];
  readonly #counts = { wallets: 0, operations: 0, entries: 0, holds: 0, differenceCount: 0 };
  #account = new AccountSums();

  addWallet(wallet: WalletLine): void {
    this.#counts.wallets += 1;
    this.#account.walletOf(wallet.walletId).stored = wallet;
  }

  addOperation({ walletVersion }: OperationLine): void {
    this.#counts.operations += 1;
    this.#account.operations += 1;
    this.#account.highestVersion = Math.max(this.#account.highestVersion, walletVersion);
  }

  /** All lines of one operation; null when that is not there. */
  addEntries(lines: readonly EntryLine[], operation: OperationLine | null): void {
    const [first] = lines;
    if (first === undefined) return;
    this.#counts.entries += lines.length;
    const total = new ExactSum();
    const ofWallet = new ExactSum();
    for (const { walletId, ledgerAccount, amountMicros } of lines) {
      total.add(amountMicros);
      if (ledgerAccount !== WALLET_LEDGER_ACCOUNT) continue;
      ofWallet.add(amountMicros);
      this.#account.walletOf(walletId).entries.add(amountMicros);
    }
    const { accountId, operationId: subject, walletId } = first;
    const about = { accountId, subject, walletId, expected: 0n };
    if (total.total !== 0n) this.#report({ what: 'entries', ...about, found: total.total });
    if (operation === null) this.#report({ what: 'orphan', ...about, found: ofWallet.total });
    else this.#rememberLast(operation, walletId);
  }

  /** After their wallet, each wallet's in the order of their sequence. */
  addLink(line: ChainLine): void {
    const sums = this.#account.walletOf(line.walletId);
    // Entries of no wallet are reported, and what they should be linked to is not known.
    if (sums.stored === null || sums.isChainBroken) return;
    sums.chain ??= new ChainWalk({ sequence: 0, balanceMicros: 0, link: walletLink(sums.stored) });
    const broken = breakAt(line, sums.chain);
    if (broken === null) return;
    sums.isChainBroken = true;
    const { accountId, walletId, sequence, operationId: subject } = line;
    this.#report({ ...broken, accountId, subject, walletId, sequence });
  }

  addHold({ walletId, totalMicros, capturedMicros, limits }: HoldLine): void {
    this.#counts.holds += 1;
    if (capturedMicros === null) this.#account.walletOf(walletId).held.add(totalMicros);
    if (limits === null) return;
    // Written by the store from the limits of a hold operation.
    for (const { limitKey, use, keeps } of JSON.parse(limits) as LimitUse[]) {
      const used = keeps === 'captured' ? (capturedMicros ?? totalMicros) : capturedMicros === null ? use : 0;
      this.#account.usedOf(limitKey).add(used);
    }
  }

  addCounter({ accountId, limitKey, used }: LimitCounterRow): void {
    const expected = this.#account.takeUsed(limitKey);
    if (expected !== BigInt(used)) {
      this.#report({ what: 'limit', accountId, subject: limitKey, expected, found: BigInt(used) });
    }
  }

  closeAccount(accountId: string): void {
    const account = this.#account;
    for (const [walletId, sums] of account.wallets) this.#compareWallet({ accountId, subject: walletId }, sums);
    for (const [limitKey, { total }] of account.used) {
      if (total !== 0n) this.#report({ what: 'limit', accountId, subject: limitKey, expected: total, found: 0n });
    }
    this.#compareVersions(accountId);
    this.#account = new AccountSums();
  }

  report(): LedgerReport {
    return { ...this.#counts, differences: this.#differences };
  }

  /** An operation's result tells what its wallet was like right after it, and no other operation gets as far as the last. */
  #rememberLast(operation: OperationLine, walletId: string): void {
    const wallet = this.#account.walletOf(walletId);
    if (wallet.stored === null || operation.walletVersion < wallet.stored.version) return;
    wallet.last = operation;
  }

  #compareWallet(wallet: { readonly accountId: string; readonly subject: string }, sums: WalletSums): void {
    const { stored } = sums;
    const [entries, held] = [sums.entries.total, sums.held.total];
    if (stored === null) {
      for (const expected of [entries, held]) {
        if (expected !== 0n) this.#report({ what: 'wallet_missing', ...wallet, expected, found: 0n });
      }
      return;
    }
    const [foundBalance, foundHeld] = [BigInt(stored.balanceMicros), BigInt(stored.heldMicros)];
    if (entries !== foundBalance) this.#report({ what: 'balance', ...wallet, expected: entries, found: foundBalance });
    if (held !== foundHeld) this.#report({ what: 'held', ...wallet, expected: held, found: foundHeld });
    if (foundBalance < foundHeld) {
      this.#report({ what: 'overdrawn', ...wallet, expected: 0n, found: foundBalance - foundHeld });
    }
    if (!sums.isChainBroken) this.#compareChain(stored, sums.chain);
    // One fault, one line: a wallet that differs from its own rows needs no second witness.
    if (entries === foundBalance && held === foundHeld) this.#compareLast(stored, sums.last);
  }

  #compareChain(stored: WalletLine, chain: ChainWalk | null): void {
    const { accountId, walletId: subject, entryCount, link } = stored;
    const last = chain?.place ?? { sequence: 0, link: null };
    if (last.sequence !== entryCount) {
      const ends = { expected: BigInt(last.sequence), found: BigInt(entryCount) };
      this.#report({ what: 'last_sequence', accountId, subject, ...ends });
    } else if (last.link !== link) {
      this.#report({ what: 'last_link', accountId, subject, expected: last.link ?? '', found: link ?? '' });
    }
  }

  #compareLast(stored: WalletLine, last: OperationLine | null): void {
    if (last === null) return;
    const about = { accountId: stored.accountId, subject: last.operationId, walletId: stored.walletId };
    if (last.walletVersion > stored.version) {
      const [expected, found] = [BigInt(last.walletVersion), BigInt(stored.version)];
      this.#report({ what: 'version', ...about, expected, found });
    } else if (last.walletBalanceMicros !== stored.balanceMicros) {
      const [expected, found] = [BigInt(last.walletBalanceMicros), BigInt(stored.balanceMicros)];
      this.#report({ what: 'last_balance', ...about, expected, found });
    } else if (last.walletHeldMicros !== stored.heldMicros) {
      const [expected, found] = [BigInt(last.walletHeldMicros), BigInt(stored.heldMicros)];
      this.#report({ what: 'last_held', ...about, expected, found });
    }
  }

  /** A version counts changes, and each operation changes its wallet once or not at all; the highest is some operation's. */
  #compareVersions(accountId: string): void {
    const { operations, highestVersion, wallets } = this.#account;
    const versions: number[] = [];
    for (const { stored } of wallets.values()) {
      // Without one of its wallets, an account has fewer changes than operations, which was reported.
      if (stored === null) return;
      versions.push(stored.version);
    }
    const found = versions.reduce((sum, version) => sum + version, 0);
    const highest = versions.reduce((most, version) => Math.max(most, version), 0);
    if (found <= operations && highest === highestVersion) return;
    const expected = BigInt(Math.min(operations, highestVersion * versions.length));
    this.#report({ what: 'version', accountId, subject: '', expected, found: BigInt(found) });
  }

  #report(difference: LedgerDifference): void {
    this.#counts.differenceCount += 1;
    if (this.#differences.length < MAX_LISTED_DIFFERENCES) this.#differences.push(difference);
  }
}

const WORDS_OF_BREAKS = { sequence: 'sequence', balanceMicros: 'balance_after', link: 'link' } as const;

function breakAt(line: ChainLine, chain: ChainWalk): Pick<LedgerDifference, 'what' | 'expected' | 'found'> | null {
  const { otherAccount, balanceMicros, link } = line;
  if (otherAccount === null || !line.isMirrored) return { what: 'other_side', expected: '', found: '' };
  // A balance or a link that was taken away is as wrong as another one.
  const broken = chain.next({ ...line, otherAccount, balanceMicros: balanceMicros ?? 0 }, link ?? 'missing');
  return broken && { what: WORDS_OF_BREAKS[broken.field], ...exactly(broken) };
}

function exactly({ expected, found }: ChainBreak): Pick<LedgerDifference, 'expected' | 'found'> {
  const told = (value: number | string) => (typeof value === 'number' ? BigInt(value) : value);
  return { expected: told(expected), found: told(found) };
}

interface WalletSums {
  stored: WalletLine | null;
  /** With entries, and the wallet's version, or a later one. */
  last: OperationLine | null;
  readonly entries: ExactSum;
  readonly held: ExactSum;
  chain: ChainWalk | null;
  isChainBroken: boolean;
}

class AccountSums {
  readonly wallets = new Map<string, WalletSums>();
  readonly used = new Map<string, ExactSum>();
  operations = 0;
  highestVersion = 0;

  walletOf(walletId: string): WalletSums {
    let sums = this.wallets.get(walletId);
    if (sums === undefined) {
      const [entries, held] = [new ExactSum(), new ExactSum()];
      sums = { stored: null, last: null, entries, held, chain: null, isChainBroken: false };
      this.wallets.set(walletId, sums);
    }
    return sums;
  }

  usedOf(limitKey: string): ExactSum {
    let sum = this.used.get(limitKey);
    if (sum === undefined) {
      sum = new ExactSum();
      this.used.set(limitKey, sum);
    }
    return sum;
  }

  /** What is left at the end was asked for by no counter. */
  takeUsed(limitKey: string): bigint {
    const total = this.used.get(limitKey)?.total ?? 0n;
    this.used.delete(limitKey);
    return total;
  }
}
