/** Random schedules for a ledger: numbers from fast-check become operations, waves and crashes. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { createLedger, type DrainableLedger } from '../../server/ledger/ledger.ts';
import type { HoldOperation, LimitUse, Operation, OperationResult } from '../../server/ledger/operation.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { ledgerFaults } from './ledger-invariants.ts';
import { LedgerModel } from './ledger-model.ts';
import { ACCOUNT, chargeOf, creditOf, extendOf, holdOf, settleOf } from './ledger-operations.ts';

export const WALLETS = ['berlin', 'paris', 'rome'];
const SPEND_CEILING = 400;
const CALLS_CEILING = 4;

type Action = 'wait' | 'crash' | 'credit' | 'charge' | 'hold' | 'extend' | 'settle' | 'replay' | 'reuse';

export interface Step {
  readonly action: Action;
  readonly walletId: string;
  readonly amount: number;
  /** Chooses among what is there: a hold, an earlier operation, a variant. */
  readonly pick: number;
}

export const step: fc.Arbitrary<Step> = fc.record({
  action: fc.oneof(
    { weight: 60, arbitrary: fc.constant<Action>('wait') },
    { weight: 6, arbitrary: fc.constant<Action>('crash') },
    { weight: 150, arbitrary: fc.constant<Action>('credit') },
    { weight: 120, arbitrary: fc.constant<Action>('charge') },
    { weight: 250, arbitrary: fc.constant<Action>('hold') },
    { weight: 150, arbitrary: fc.constant<Action>('extend') },
    { weight: 180, arbitrary: fc.constant<Action>('settle') },
    { weight: 70, arbitrary: fc.constant<Action>('replay') },
    { weight: 20, arbitrary: fc.constant<Action>('reuse') },
  ),
  walletId: fc.constantFrom(...WALLETS, ...WALLETS, ...WALLETS, 'nowhere'),
  amount: fc.nat(120),
  pick: fc.nat(100_000),
});

interface Asked {
  readonly operation: Operation;
  readonly answer: Promise<OperationResult>;
}

/** Runs one schedule against a real store and the model side by side. Throws at the first difference. */
export class ScheduleRun {
  /** Operations that were asked and answered, over all runs. */
  static operationCount = 0;
  static crashCount = 0;

  readonly #open: () => Promise<Store>;
  #store: Store;
  #ledger: DrainableLedger;
  #model = new LedgerModel();
  #wave: Asked[] = [];
  readonly #maker = new OperationMaker();

  static async run(open: () => Promise<Store>, steps: readonly Step[]): Promise<void> {
    const run = new ScheduleRun(open, await open());
    try {
      await run.#openWallets();
      for (const each of steps) await run.#take(each);
      await run.#finishWave();
      await run.#compareState();
    } finally {
      await run.#store.close();
    }
  }

  private constructor(open: () => Promise<Store>, store: Store) {
    this.#open = open;
    this.#store = store;
    this.#ledger = createLedger(store);
  }

  async #openWallets(): Promise<void> {
    for (const walletId of WALLETS) {
      await this.#store.openWallet({ accountId: ACCOUNT, walletId, currency: 'USD' });
      this.#model.wallets.set(walletId, { balance: 0, held: 0, version: 0 });
    }
  }

  async #take(each: Step): Promise<void> {
    if (each.action === 'wait') return this.#finishWave();
    if (each.action === 'crash') return this.#crash(each);
    this.#submit(this.#maker.operationOf(each, each.action));
  }

  #submit(operation: Operation): void {
    const answer = this.#ledger.submit(operation);
    // A crash may leave it unanswered for ever or rejected: it is awaited later, or asked again.
    answer.catch(() => undefined);
    this.#wave.push({ operation, answer });
    this.#maker.remember(operation);
    ScheduleRun.operationCount += 1;
  }

  /** All operations of a wave were submitted at once; their answers must be the model's, one by one. */
  async #finishWave(): Promise<void> {
    const wave = this.#wave;
    this.#wave = [];
    for (const { operation, answer } of wave) {
      assertSame(await answer, this.#model.apply(operation), () => `answer to ${JSON.stringify(operation)}`);
    }
  }

  /** The process is gone at once or after a turn: nobody saw the answers. What waited is asked again, with the same ids. */
  async #crash({ pick }: Step): Promise<void> {
    ScheduleRun.crashCount += 1;
    if (pick % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    await this.#store.close();
    this.#store = await this.#open();
    this.#ledger = createLedger(this.#store);
    const unanswered = this.#wave.map(({ operation }) => operation);
    this.#wave = [];
    const after = this.#model.clone();
    for (const operation of unanswered) after.apply(operation);
    // A batch is there or is not there; never a part of it.
    if (await this.#isStateOf(after)) this.#model = after;
    await this.#compareState();
    for (const operation of unanswered) this.#submit(operation);
  }

  async #isStateOf(model: LedgerModel): Promise<boolean> {
    return isDeepStrictEqual(await this.#storedState(), stateOf(model));
  }

  async #compareState(): Promise<void> {
    assertSame(await this.#storedState(), stateOf(this.#model), () => 'stored state');
    assertSame(await ledgerFaults(this.#store), [], () => 'audit');
  }

  async #storedState(): Promise<unknown> {
    const { db } = this.#store;
    const wallets = await db.selectFrom('wallet').selectAll().execute();
    const holds = await db.selectFrom('hold').select(['holdId', 'totalMicros', 'capturedMicros']).execute();
    const counters = await db.selectFrom('limit_counter').select(['limitKey', 'used']).execute();
    const operations = await db.selectFrom('operation').select('operationId').execute();
    return sorted({
      wallets: wallets.map(({ walletId, ...row }) => [walletId, row.balanceMicros, row.heldMicros, row.version]),
      holds: holds.map((hold) => [hold.holdId, hold.totalMicros, hold.capturedMicros]),
      counters: counters.map(({ limitKey, used }) => [limitKey, used]),
      operations: operations.map(({ operationId }) => [operationId]),
    });
  }
}

/** Makes operations out of steps; those on holds, repeats and reused ids concern what was made before. */
export class OperationMaker {
  readonly #history: Operation[] = [];
  readonly #holds: HoldOperation[] = [];

  operationOf({ walletId, amount, pick }: Step, action: Exclude<Action, 'wait' | 'crash'>): Operation {
    const operationId = `operation-${this.#history.length}`;
    const hold = this.#holds[pick % (this.#holds.length + 1)];
    const holdId = hold?.operationId ?? 'no-such-hold';
    const holdWalletId = pick % 19 === 0 ? walletId : (hold?.walletId ?? walletId);
    switch (action) {
      case 'credit':
        return creditOf(amount + 1, { operationId, walletId });
      case 'charge':
        return chargeOf(amount, { operationId, walletId });
      case 'hold': {
        const [minimumMicros, floorMicros] = [pick % (amount + 1), pick % 7 === 0 ? amount + 10 : 0];
        const limits = limitsOf(walletId, { pick, minimum: minimumMicros });
        return holdOf(amount, { operationId, walletId, minimumMicros, floorMicros, limits });
      }
      case 'extend':
        return extendOf(amount * 2, {
          operationId,
          walletId: holdWalletId,
          holdId,
          minimumMicros: pick % 5 === 0 ? amount * 2 : 0,
        });
      case 'settle':
        return settleOf(amount, { operationId, walletId: holdWalletId, holdId });
      case 'replay':
        return this.#history[pick % (this.#history.length + 1)] ?? creditOf(1, { operationId, walletId });
      case 'reuse': {
        const earlier = this.#history[pick % (this.#history.length + 1)];
        return creditOf(amount + 1, { operationId: earlier?.operationId ?? operationId, walletId });
      }
    }
  }

  remember(operation: Operation): void {
    this.#history.push(operation);
    if (operation.kind === 'hold') this.#holds.push(operation);
  }
}

/** What the model says; also holds the promises that no comparison could tell: nothing below zero, no ceiling passed. */
function stateOf({ wallets, holds, counters, answers }: LedgerModel): unknown {
  for (const { balance, held } of wallets.values()) if (held < 0 || balance < held) throw new Error('Below zero');
  for (const [key, used] of counters) {
    if (used < 0 || used > (key.startsWith('spend') ? SPEND_CEILING : CALLS_CEILING))
      throw new Error(`${key}: ${used}`);
  }
  return sorted({
    wallets: [...wallets].map(([id, { balance, held, version }]) => [id, balance, held, version]),
    holds: [...holds].map(([id, { total, captured }]) => [id, total, captured]),
    counters: [...counters],
    operations: [...answers.keys()].map((id) => [id]),
  });
}

function limitsOf(
  walletId: string,
  { pick, minimum }: { readonly pick: number; readonly minimum: number },
): LimitUse[] {
  const calls: LimitUse = { limitKey: `calls:${walletId}`, use: 1, ceiling: CALLS_CEILING, keeps: 'nothing' };
  const spend: LimitUse = {
    limitKey: `spend:${walletId}:${pick % 5}`,
    use: micros(minimum),
    ceiling: SPEND_CEILING,
    keeps: 'captured',
  };
  return [calls, spend].filter((_, index) => ((pick >> index) & 1) === 1);
}

function sorted(state: Readonly<Record<string, readonly (readonly unknown[])[]>>): unknown {
  const byId = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  return Object.fromEntries(Object.entries(state).map(([name, rows]) => [name, rows.toSorted(byId)]));
}

function assertSame(found: unknown, expected: unknown, what: () => string): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${what()}: ${JSON.stringify({ found, expected })}`);
}
