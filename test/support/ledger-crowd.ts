/**
 * A ledger of any size, made in bulk: what a few months of calls and purchases leave behind. Every row fits every other, as if the
 * operations had been applied one by one; writing them so would take an hour for ten million entries.
 *
 * Each wallet: one credit, then calls (hold, settle) and purchases (charge) in turn; the last hold of some wallets stays open.
 */

import { entryLink, walletLink } from '../../server/ledger/entry-link.ts';
import type { CopyTarget } from '../../server/storage/copy/copy-target.ts';
import { type AnyRow, INSTALLATION_TABLES, type TableName } from '../../server/storage/copy/installation-tables.ts';
import type { HoldRow, OperationRow, WalletRow } from '../../server/storage/ledger-rows.ts';

const CREDIT_MICROS = 1_000_000_000_000;
const HELD_MICROS = 60_000;
const CAPTURED_MICROS = 41_000;
const CHARGED_MICROS = 1_500_000;
const OTHER_ACCOUNT = 'counterpart';
const AT_MS = 1_750_000_000_000;
/** Of each wallet, credit included: 2 + 2 for each call or purchase. */
const ENTRIES_A_WALLET = 2_000;
const WALLETS_AN_ACCOUNT = 100;
const BATCH_ROWS = 5_000;

export interface CrowdSize {
  /** Rounded up to whole wallets. */
  readonly entries: number;
}

export async function writeLedgerCrowd(target: CopyTarget, { entries }: CrowdSize): Promise<void> {
  const writer = new BatchWriter(target);
  const wallets = Math.ceil(entries / ENTRIES_A_WALLET);
  for (let index = 0; index < wallets; index += 1) await writeWallet(writer, index);
  await writer.flush();
}

async function writeWallet(writer: BatchWriter, index: number): Promise<void> {
  const accountId = `account-${String(Math.floor(index / WALLETS_AN_ACCOUNT)).padStart(6, '0')}`;
  const walletId = `wallet-${String(index % WALLETS_AN_ACCOUNT).padStart(4, '0')}`;
  const money = { balanceMicros: 0, heldMicros: 0, version: 0, entryCount: 0, link: null };
  const wallet = { accountId, walletId, currency: 'USD', ...money };
  const movements = ENTRIES_A_WALLET / 2 - 1;
  const story = new WalletStory(writer, wallet);
  await story.entry('credit', CREDIT_MICROS);
  for (let at = 0; at < movements; at += 1) {
    if (at % 2 === 0) await story.call();
    else await story.entry('charge', -CHARGED_MICROS);
  }
  if (index % 2 === 0) await story.openHold();
  await writer.add('wallet', story.wallet);
}

type Changing<Row> = { -readonly [Name in keyof Row]: Row[Name] };

class WalletStory {
  readonly wallet: Changing<WalletRow>;
  readonly #writer: BatchWriter;
  #next = 0;

  constructor(writer: BatchWriter, wallet: WalletRow) {
    this.#writer = writer;
    this.wallet = wallet;
  }

  async entry(entryKind: string, amountMicros: number): Promise<void> {
    const operation = await this.#operation(entryKind, { balance: amountMicros, held: 0 });
    await this.#lines(operation, { entryKind, amountMicros });
  }

  async call(): Promise<void> {
    const { operationId: holdId } = await this.#operation('hold', { balance: 0, held: HELD_MICROS });
    await this.#hold({ holdId, capturedMicros: CAPTURED_MICROS, closedAtMs: AT_MS + this.#next });
    const settled = await this.#operation('settle', { balance: -CAPTURED_MICROS, held: -HELD_MICROS });
    await this.#lines(settled, { entryKind: 'outbound_call', amountMicros: -CAPTURED_MICROS });
  }

  async openHold(): Promise<void> {
    const { operationId: holdId } = await this.#operation('hold', { balance: 0, held: HELD_MICROS });
    await this.#hold({ holdId, capturedMicros: null, closedAtMs: null });
  }

  async #operation(kind: string, change: { readonly balance: number; readonly held: number }): Promise<OperationRow> {
    const { wallet } = this;
    wallet.balanceMicros += change.balance;
    wallet.heldMicros += change.held;
    wallet.version += 1;
    this.#next += 1;
    const operation = {
      accountId: wallet.accountId,
      operationId: `${wallet.walletId}-0197f3a2-7c11-8a40-${String(this.#next).padStart(8, '0')}-${kind}`,
      fingerprint: `["${kind}","${wallet.walletId}",${change.balance}]`,
      heldMicros: Math.max(0, change.held),
      capturedMicros: Math.max(0, -change.balance),
      shortMicros: 0,
      walletBalanceMicros: wallet.balanceMicros,
      walletHeldMicros: wallet.heldMicros,
      walletVersion: wallet.version,
      atMs: AT_MS + this.#next,
    };
    await this.#writer.add('operation', operation);
    return operation;
  }

  async #lines(
    { accountId, operationId, atMs }: OperationRow,
    { entryKind, amountMicros }: { readonly entryKind: string; readonly amountMicros: number },
  ): Promise<void> {
    const { wallet } = this;
    wallet.entryCount += 1;
    const { walletId, balanceMicros, entryCount: sequence } = wallet;
    const line = { accountId, operationId, walletId, entryKind, reference: operationId, atMs, sequence };
    const content = { ...line, otherAccount: OTHER_ACCOUNT, amountMicros, balanceMicros };
    const link = entryLink(wallet.link ?? walletLink(wallet), content);
    wallet.link = link;
    const other = { ...line, line: 1, ledgerAccount: OTHER_ACCOUNT, amountMicros: -amountMicros };
    await this.#writer.add('entry', { ...line, line: 0, ledgerAccount: 'wallet', amountMicros, balanceMicros, link });
    await this.#writer.add('entry', { ...other, balanceMicros: null, link: null });
  }

  async #hold(hold: Pick<HoldRow, 'holdId' | 'capturedMicros' | 'closedAtMs'>): Promise<void> {
    const { accountId, walletId } = this.wallet;
    const row = { accountId, walletId, totalMicros: HELD_MICROS, limits: null, openedAtMs: AT_MS, ...hold };
    await this.#writer.add('hold', row);
  }
}

/** Holds rows back until a batch is full or a row is referred to; INSTALLATION_TABLES is the order of reference. */
class BatchWriter {
  readonly #target: CopyTarget;
  readonly #waiting = new Map<TableName, AnyRow[]>(INSTALLATION_TABLES.map(({ name }) => [name, []]));
  #count = 0;

  constructor(target: CopyTarget) {
    this.#target = target;
  }

  async add(table: TableName, row: object): Promise<void> {
    // Rows of the ledger, whose values are texts, numbers and null.
    this.#waiting.get(table)?.push(row as AnyRow);
    this.#count += 1;
    // Only between wallets, whose row comes last: entries and holds refer to it.
    if (table === 'wallet' && this.#count >= BATCH_ROWS) await this.flush();
  }

  async flush(): Promise<void> {
    this.#count = 0;
    for (const table of INSTALLATION_TABLES) {
      const rows = this.#waiting.get(table.name) ?? [];
      if (rows.length > 0) await this.#target.write(table, rows);
      this.#waiting.set(table.name, []);
    }
  }
}
