import { describe, expect, test } from 'vitest';
import { createLedger, MAX_QUEUE } from '../../../server/ledger/ledger.ts';
import { type Ledger, MAX_BATCH, type Operation, type OperationResult } from '../../../server/ledger/operation.ts';
import { type Store, UnavailableError } from '../../../server/storage/store.ts';
import { micros } from '../../../src/protocol/money.ts';
import { creditOf } from '../../support/ledger-operations.ts';

interface Batch {
  readonly ids: readonly string[];
  readonly commit: () => void;
  readonly fail: (reason: unknown) => void;
}

/** A store whose commits happen when the test says so. */
function createHeldStore({ batchesAtOnce = 1 } = {}) {
  const batches: Batch[] = [];
  const applyBatch = (operations: readonly Operation[]) =>
    new Promise<readonly OperationResult[]>((resolve, reject) => {
      batches.push({
        ids: operations.map(({ operationId }) => operationId),
        commit: () => resolve(operations.map(resultOf)),
        fail: reject,
      });
    });
  // The ledger uses nothing else of the port.
  return { batches, store: { applyBatch, batchesAtOnce } as unknown as Store };
}

/** Tells the operation by its balance, so that a mixed-up answer shows. */
function resultOf(operation: Operation): OperationResult {
  const balanceMicros = operation.kind === 'credit' ? operation.amountMicros : micros(0);
  const nothing = { heldMicros: micros(0), capturedMicros: micros(0), shortMicros: micros(0) };
  const wallet = { balanceMicros, heldMicros: micros(0), version: 1 };
  return { applied: true, isRepeat: false, ...nothing, wallet };
}

const credit = (number: number) => creditOf(number + 1, { operationId: `c${number}` });
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Enough turns for any number of settled promises; no time passes. */
const turns = async () => {
  for (let count = 0; count < 5; count += 1) await turn();
};

/** As requests come in: before the ledger has its turn. */
function arriveOneATurn(ledger: Ledger, { from, to }: { readonly from: number; readonly to: number }): void {
  if (from < to) setImmediate(() => arriveOneATurn(ledger, { from: from + 1, to }));
  void ledger.submit(credit(from));
}

describe('the batching ledger', () => {
  test('where a store takes two at once, the second begins while the first is on its way, and the third waits', async () => {
    const { store, batches } = createHeldStore({ batchesAtOnce: 2 });
    const ledger = createLedger(store);
    const answers: Promise<OperationResult>[] = [];
    for (const number of [0, 1, 2, 3]) {
      answers.push(ledger.submit(credit(number)));
      await turns();
    }
    expect(batches.map(({ ids }) => ids)).toEqual([['c0'], ['c1']]);
    expect(ledger.depth).toBe(4);
    // Whichever is there first makes room.
    batches[1]?.commit();
    await answers[1];
    await turns();
    expect(batches.map(({ ids }) => ids)).toEqual([['c0'], ['c1'], ['c2', 'c3']]);
    const closed = ledger.close();
    for (const index of [0, 2]) batches[index]?.commit();
    await closed;
    expect((await Promise.all(answers)).map(({ wallet }) => wallet?.balanceMicros)).toEqual([1, 2, 3, 4]);
    expect(ledger.depth).toBe(0);
  });

  test('many who ask together are cut in two there, so that one half is decided while the disk syncs the other', async () => {
    const { store, batches } = createHeldStore({ batchesAtOnce: 2 });
    const ledger = createLedger(store);
    const ask = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ledger.submit(credit(from + index)));
    const first = ask(0, 64);
    await turns();
    expect(batches.map(({ ids }) => ids.length)).toEqual([32, 32]);
    batches[0]?.commit();
    await Promise.all(first.slice(0, 32));
    void ask(64, 32);
    await turns();
    expect(batches.map(({ ids }) => ids.length)).toEqual([32, 32, 32]);
    expect(batches.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 96 }, (_, number) => `c${number}`));
  });

  test('few are not cut, and neither are many where one batch is in flight at most', async () => {
    const two = createHeldStore({ batchesAtOnce: 2 });
    const few = createLedger(two.store);
    for (let number = 0; number < 15; number += 1) void few.submit(credit(number));
    await turns();
    expect(two.batches.map(({ ids }) => ids.length)).toEqual([15]);

    const one = createHeldStore();
    const many = createLedger(one.store);
    for (let number = 0; number < 64; number += 1) void many.submit(credit(number));
    await turns();
    expect(one.batches.map(({ ids }) => ids.length)).toEqual([64]);
  });

  test('operations of one turn share one batch, in the order of their arrival', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    const answers = [0, 1, 2].map((number) => ledger.submit(credit(number)));
    await turns();
    expect(batches.map(({ ids }) => ids)).toEqual([['c0', 'c1', 'c2']]);
    batches[0]?.commit();
    expect((await Promise.all(answers)).map(({ wallet }) => wallet?.balanceMicros)).toEqual([1, 2, 3]);
  });

  test('a batch goes on filling while each turn brings more', async () => {
    const { store, batches } = createHeldStore();
    arriveOneATurn(createLedger(store), { from: 0, to: 2 });
    await turns();
    expect(batches.map(({ ids }) => ids)).toEqual([['c0', 'c1', 'c2']]);
  });

  test('a batch waits a few turns at most, however much comes', async () => {
    const { store, batches } = createHeldStore();
    arriveOneATurn(createLedger(store), { from: 0, to: 99 });
    while (batches.length === 0) await turn();
    expect(batches[0]?.ids.length).toBeLessThan(10);
  });

  test('nothing is acknowledged before its commit', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    let isAcknowledged = false;
    const answer = ledger.submit(credit(0)).then(() => {
      isAcknowledged = true;
    });
    await turns();
    expect(isAcknowledged).toBe(false);
    batches[0]?.commit();
    await answer;
    expect(isAcknowledged).toBe(true);
  });

  test('one batch is in flight; what arrives meanwhile is the next', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    const answers = [ledger.submit(credit(0))];
    await turns();
    answers.push(ledger.submit(credit(1)), ledger.submit(credit(2)));
    await turns();
    expect(batches).toHaveLength(1);
    expect(ledger.depth).toBe(3);
    batches[0]?.commit();
    await turns();
    expect(batches.map(({ ids }) => ids)).toEqual([['c0'], ['c1', 'c2']]);
    batches[1]?.commit();
    await Promise.all(answers);
    await turns();
    expect(ledger.depth).toBe(0);
  });

  test(`a batch has at most ${MAX_BATCH} operations`, async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    for (let number = 0; number < MAX_BATCH + 1; number += 1) void ledger.submit(credit(number));
    await turns();
    batches[0]?.commit();
    await turns();
    expect(batches.map(({ ids }) => ids.length)).toEqual([MAX_BATCH, 1]);
  });

  test('a full queue refuses with the true reason, and takes again when there is room', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    const first = ledger.submit(credit(0));
    await turns();
    for (let number = 1; number <= MAX_QUEUE; number += 1) void ledger.submit(credit(number));
    await expect(ledger.submit(credit(-1 + 1e6))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(String(MAX_QUEUE)),
    });
    batches[0]?.commit();
    await first;
    await turns();
    const late = ledger.submit(credit(2e6));
    late.catch(() => undefined);
    await turns();
    expect(ledger.depth).toBe(MAX_QUEUE + 1);
  });

  test('a poisonous operation fails alone: the others of its batch are applied one by one', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    const answers = Promise.allSettled([0, 1, 2].map((number) => ledger.submit(credit(number))));
    await turns();
    batches[0]?.fail(new Error('poison somewhere'));
    await turns();
    batches[1]?.commit();
    await turns();
    batches[2]?.fail(new Error('poison here'));
    await turns();
    batches[3]?.commit();
    expect(batches.map(({ ids }) => ids)).toEqual([['c0', 'c1', 'c2'], ['c0'], ['c1'], ['c2']]);
    expect(await answers).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { message: 'poison here' } },
      { status: 'fulfilled' },
    ]);
  });

  test('a store that is unavailable is not asked again for each: all are told at once', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    const answers = Promise.allSettled([0, 1].map((number) => ledger.submit(credit(number))));
    await turns();
    batches[0]?.fail(new UnavailableError('The disk is full'));
    expect(await answers).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }]);
    const next = ledger.submit(credit(2));
    await turns();
    batches[1]?.commit();
    expect(await next).toMatchObject({ applied: true });
    expect(batches).toHaveLength(2);
  });

  test('close answers what was taken and takes no more', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    const taken = ledger.submit(credit(0));
    const closed = ledger.close();
    await expect(ledger.submit(credit(1))).rejects.toBeInstanceOf(UnavailableError);
    await turns();
    batches[0]?.commit();
    await closed;
    expect(await taken).toMatchObject({ applied: true });
    expect(batches).toHaveLength(1);
  });

  test('an operation that no correct caller makes is rejected before others could wait for it', async () => {
    const { store, batches } = createHeldStore();
    const ledger = createLedger(store);
    await expect(ledger.submit({ ...credit(0), operationId: '' })).rejects.toThrow(/operationId/);
    await turns();
    expect(batches).toEqual([]);
  });
});
