/**
 * The ledger: one operation in, one durable result out, batched underneath.
 *
 *                 credit                      hold, extend                    settle
 *   source account ------> wallet: available ------------> wallet: held ----------------> revenue account
 *   (play_credit,               |      ^                        |         captured
 *    operator_credit)           |      +------------------------+
 *                               |               released
 *                               +-----------------------------------------------------> revenue account
 *                                                charge
 *
 * The arrows that enter or leave the wallet (credit, captured, charge) post entries, always two that sum to zero. What is held is
 * still the wallet's own: it moves between its two halves without an entry. No arrow takes more than there is where it starts, so
 * what is available is never below zero.
 *
 * Batching needs no timer: what arrives while as many batches are in flight as the store takes at once, and as long as each turn of the
 * event loop brings more, is the next batch. Under little load an operation waits for nobody; under much, one sync of the disk serves up to
 * MAX_BATCH of them.
 */
import { type Store, UnavailableError } from '../storage/store.ts';
import { assertOperation } from './assert-operation.ts';
import { type Ledger, MAX_BATCH, type Operation, type OperationResult } from './operation.ts';

/** Operations that may wait. At the measured rates this is below half a second of work; more waiting helps nobody. */
export const MAX_QUEUE = 8_192;

/** Turns of the event loop that a batch fills for at most; without load it is one. */
const MAX_GATHERING_TURNS = 4;

/** Below it a sync costs more than it saves to decide meanwhile. */
const LEAST_TO_CUT = 16;

export interface DrainableLedger extends Ledger {
  /** How many operations wait or are in flight now (for /metrics). */
  readonly depth: number;
  /** Takes no more operations; resolves when all that were taken are answered. Does not close the store. */
  close(): Promise<void>;
}

interface Waiting {
  readonly operation: Operation;
  readonly resolve: (result: OperationResult) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * `submit` rejects with UnavailableError when the queue is full, after close, and when the store is unavailable: the outcome is then
 * unknown to the caller, who asks again with the same id. Any other rejection is a bug in that one operation.
 */
export function createLedger(store: Store): DrainableLedger {
  return new BatchingLedger(store);
}

class BatchingLedger implements DrainableLedger {
  readonly #store: Store;
  #queue: Waiting[] = [];
  #inFlightCount = 0;
  #batchCount = 0;
  #isGathering = false;
  #isClosed = false;
  #onDrained: () => void = () => undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  get depth(): number {
    return this.#queue.length + this.#inFlightCount;
  }

  submit(operation: Operation): Promise<OperationResult> {
    return new Promise((resolve, reject) => {
      assertOperation(operation);
      if (this.#isClosed) throw new UnavailableError('The ledger is closed: the server is shutting down');
      if (this.#queue.length >= MAX_QUEUE) throw new UnavailableError(`The ledger has ${MAX_QUEUE} operations waiting`);
      this.#queue.push({ operation, resolve, reject });
      void this.#pump();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.depth === 0) return;
    await new Promise<void>((resolve) => {
      this.#onDrained = resolve;
    });
  }

  /** Begins a batch when one may begin; after each batch, and for each operation that comes. */
  async #pump(): Promise<void> {
    if (this.#isGathering || this.#queue.length === 0 || this.#batchCount >= this.#store.batchesAtOnce) return;
    this.#isGathering = true;
    await this.#gather();
    this.#isGathering = false;
    void this.#run(this.#queue.splice(0, Math.min(MAX_BATCH, this.#shareOfQueue())));
    void this.#pump();
  }

  /**
   * Where the store takes two batches, one is decided while the disk syncs the other. Clients who were answered together ask again
   * together, so what came as one batch would stay one for ever, and disk and processor would wait for each other: it is cut in two.
   */
  #shareOfQueue(): number {
    const { length } = this.#queue;
    const isAlone = this.#batchCount === 0 && this.#store.batchesAtOnce > 1;
    return isAlone && length >= LEAST_TO_CUT ? Math.ceil(length / 2) : length;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#batchCount += 1;
    this.#inFlightCount += batch.length;
    await this.#apply(batch);
    this.#inFlightCount -= batch.length;
    this.#batchCount -= 1;
    if (this.depth === 0) this.#onDrained();
    void this.#pump();
  }

  /**
   * Lets other work of the process have its turn before each batch, and another one while that brings more operations: a sync of the
   * disk costs as much as several operations, so two half batches are dearer than a whole one.
   */
  async #gather(): Promise<void> {
    for (let turns = 0; turns < MAX_GATHERING_TURNS; turns += 1) {
      const countBefore = this.#queue.length;
      await nextTurn();
      if (this.#queue.length === countBefore || this.#queue.length >= MAX_BATCH) return;
    }
  }

  async #apply(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#store.applyBatch(batch.map(({ operation }) => operation));
      batch.forEach(({ resolve }, index) => {
        resolve(resultAt(results, index));
      });
    } catch (reason) {
      await this.#applyOneByOne(batch, reason);
    }
  }

  /** Nothing of the batch was applied. One poisonous operation must not take the others with it: each gets its own batch. */
  async #applyOneByOne(batch: readonly Waiting[], reason: unknown): Promise<void> {
    if (batch.length === 1 || reason instanceof UnavailableError) {
      for (const { reject } of batch) reject(reason);
      return;
    }
    for (const waiting of batch) await this.#apply([waiting]);
  }
}

function resultAt(results: readonly OperationResult[], index: number): OperationResult {
  const result = results[index];
  if (result === undefined) throw new Error('The store gave fewer results than operations');
  return result;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
