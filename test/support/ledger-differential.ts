/**
 * The same batches on two stores, their answers compared one by one and all their tables at the end. Batches carry what stores may
 * differ in: hostile ids, rows that come along and are in conflict, counters that wallets share, one id twice in a batch.
 */
import { isDeepStrictEqual } from 'node:util';
import { MAX_BATCH, type Operation, type OperationResult } from '../../server/ledger/operation.ts';
import type { RowWrite } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { MAX_MICROS } from '../../src/protocol/money.ts';
import { ledgerFaults } from './ledger-invariants.ts';
import { ACCOUNT, callRowOf, creditOf, numberOwnerRowOf } from './ledger-operations.ts';
import { OperationMaker, type Step, WALLETS } from './ledger-schedule.ts';

const OTHER_ACCOUNT = 'o"ther\\{NULL, 1}';
const NUMBERS = 12;

/** Runs one schedule. Throws at the first difference. */
export class LedgerDifferential {
  /** Operations that both stores have answered, over all runs. */
  static operationCount = 0;

  readonly #stores: readonly [Store, Store];
  readonly #maker = new OperationMaker();
  #batch: Operation[] = [];

  static async run(stores: readonly [Store, Store], steps: readonly Step[]): Promise<void> {
    const run = new LedgerDifferential(stores);
    await run.#openWallets();
    for (const each of steps) await run.#take(each);
    await run.#applyBatch();
    await run.#compareTables();
  }

  private constructor(stores: readonly [Store, Store]) {
    this.#stores = stores;
  }

  async #openWallets(): Promise<void> {
    for (const store of this.#stores) {
      for (const accountId of [ACCOUNT, OTHER_ACCOUNT]) {
        for (const walletId of WALLETS) await store.openWallet({ accountId, walletId, currency: 'USD' });
      }
    }
  }

  async #take(each: Step): Promise<void> {
    if (each.action === 'wait' || each.action === 'crash' || this.#batch.length >= MAX_BATCH - 1)
      await this.#applyBatch();
    if (each.action === 'wait' || each.action === 'crash') return;
    const operation = this.#maker.operationOf(each, each.action);
    this.#maker.remember(operation);
    this.#batch.push(decorated(operation, each));
    // An impatient caller: the same again before there is an answer, with what it brings along made anew.
    if (each.pick % 10 === 0) this.#batch.push(decorated(operation, { ...each, pick: each.pick + 1 }));
  }

  async #applyBatch(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    const first = await answersOf(this.#stores[0], batch);
    const second = await answersOf(this.#stores[1], batch);
    batch.forEach((operation, index) => {
      assertSame(first[index], second[index], `answers to ${JSON.stringify(operation)} in a batch of ${batch.length}`);
    });
    assertSame(first.length, second.length, 'numbers of batches that could not be stored');
    LedgerDifferential.operationCount += batch.length;
  }

  async #compareTables(): Promise<void> {
    const [first, second] = this.#stores;
    for (const table of TABLES) assertSame(await rowsOf(first, table), await rowsOf(second, table), `rows of ${table}`);
    for (const store of this.#stores) assertSame(await ledgerFaults(store), [], store.place);
  }
}

const TABLES = ['wallet', 'hold', 'operation', 'entry', 'limit_counter', 'call', 'number_owner', 'account'] as const;

type Answer = OperationResult | 'rejected' | 'rejected together';

/** As the ledger does it: when a batch cannot be stored, each operation is tried alone. That it was so is one answer more. */
async function answersOf(store: Store, batch: readonly Operation[]): Promise<readonly Answer[]> {
  try {
    return await store.applyBatch(batch);
  } catch {
    if (batch.length === 1) return ['rejected'];
    const answers: Answer[] = [];
    for (const operation of batch) answers.push(...(await answersOf(store, [operation])));
    return [...answers, 'rejected together'];
  }
}

/** The same for the same raw ids, whatever the step: a repeat must stay one. Rows and limits may be others. */
function decorated(operation: Operation, { pick }: Step): Operation {
  const owner = 'holdId' in operation ? holdIdOf(operation, { pick }) : operation.operationId;
  const accountId = owner.endsWith('3') ? OTHER_ACCOUNT : ACCOUNT;
  const operationId = hostile(operation.operationId);
  const changed = { ...operation, accountId, operationId, alongside: rowsOfStep(operation, { pick, accountId }) };
  if (pick % 397 === 0) return { ...changed, alongside: [UNSTORABLE] };
  if (pick % 499 === 0) return creditOf(MAX_MICROS, { operationId, accountId: OTHER_ACCOUNT, walletId: 'rome' });
  if (!('holdId' in changed)) return changed;
  const holdId = hostile(owner);
  if (changed.kind !== 'hold') return { ...changed, holdId };
  const limits = changed.limits.map((limit) => ({
    ...limit,
    limitKey: pick % 2 === 0 ? limit.limitKey : `${limit.limitKey.replace(changed.walletId, 'all')} "{\\é,`,
  }));
  return { ...changed, holdId, limits };
}

/** Now and then a hold wants the id of one before it. */
function holdIdOf(
  { kind, holdId }: Extract<Operation, { holdId: string }>,
  { pick }: { readonly pick: number },
): string {
  if (kind !== 'hold' || pick % 7 !== 0) return holdId;
  return `operation-${Math.max(0, Number(holdId.split('-')[1]) - 1 - (pick % 8))}`;
}

const UNSTORABLE: RowWrite = {
  table: 'call',
  mode: 'insert',
  row: { ...callRowOf({ callId: 'unstorable' }), startedAtMs: 'noon' as unknown as number },
};

function hostile(id: string): string {
  const ends = ['', '"', '\\', '{,}', "'; --", ' NULL', '\n\t', 'é😀', '\u0001', '\\"\\\\'];
  return `${id}${ends[Number(id.split('-')[1] ?? 0) % ends.length] ?? ''}`;
}

/** A call as it is written in life, with versions that fit or not; numbers that are taken or not; up to three rows at once. */
function rowsOfStep(
  operation: Operation,
  { pick, accountId }: { readonly pick: number; readonly accountId: string },
): RowWrite[] {
  const callId = 'holdId' in operation ? operation.holdId : operation.operationId;
  const call = callRowOf({
    callId,
    accountId,
    version: operation.kind === 'hold' ? 1 : 1 + (pick % 3),
    status: `"${pick}"`,
    dueAtMs: pick % 2 === 0 ? null : pick,
    isLeaseFinal: pick % 2 === 0,
  });
  const number = numberOwnerRowOf(`+49${pick % NUMBERS}`, { accountId, purchaseId: callId });
  const account = {
    accountId: `account-${pick % 5}`,
    name: callId,
    currency: 'USD',
    timeZone: 'Europe/Berlin',
    profile: 'teams',
    isPhoneEnabled: pick % 2 === 0,
    supportEmail: '\\',
  };
  const rows: readonly RowWrite[] = [
    { table: 'call', mode: operation.kind === 'hold' ? 'insert' : 'next_version', row: call },
    { table: 'number_owner', mode: pick % 16 < 8 ? 'insert' : 'upsert', row: number },
    { table: 'account', mode: 'upsert', row: account },
  ];
  return rows.filter((_, index) => ((pick >> (2 * index + 1)) & 3) === 3);
}

async function rowsOf(store: Store, table: (typeof TABLES)[number]): Promise<readonly string[]> {
  const rows = await store.db.selectFrom(table).selectAll().execute();
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))).sort();
}

function assertSame(first: unknown, second: unknown, what: string): void {
  if (isDeepStrictEqual(first, second)) return;
  throw new Error(`${what} differ: ${JSON.stringify({ first, second })}`);
}
