/**
 * The SQLite store with a thread of its own for all that writes. A commit waits for the disk, a millisecond or ten; meanwhile the main
 * thread answers requests and gathers the next batch. Reading stays on the main thread, through a connection that cannot write.
 *
 *   main thread:  applyBatch, writeRows ──message──> thread: SqliteStore ── commit, sync ──> file
 *                 promise resolves      <──answer──                                           │
 *                 db (reads) <────────────────────────────────────────────────────────────────┘
 *
 * An answer is sent after the commit, so it means what it means without a thread. When the thread ends without having been asked to,
 * everything that waits and everything that comes is `unavailable`: whether it was written is not known, and asking again is safe.
 */
import { Worker } from 'node:worker_threads';
import type { Kysely } from 'kysely';
import type { Operation, OperationResult } from '../../ledger/operation.ts';
import type { RowWrite } from '../rows.ts';
import type { Database } from '../schema.ts';
import { type NewWallet, type Store, UnavailableError } from '../store.ts';
import { openSqliteStore, type SqliteOptions } from './open-sqlite-store.ts';
import type { NumberedRequest, StoreAnswer, StoreRequest } from './store-thread.ts';

/** Rejects as openSqliteStore does: the file is opened, checked and migrated here before the thread opens it too. */
export async function openThreadedSqliteStore(options: SqliteOptions): Promise<Store> {
  const here = await openSqliteStore(options);
  try {
    return await ThreadedSqliteStore.start(here, options.path);
  } catch (error) {
    await here.close();
    throw error;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

class ThreadedSqliteStore implements Store {
  readonly db: Kysely<Database>;
  readonly #here: Store;
  readonly #thread: Worker;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  /** Why nothing can be written any more. */
  #end: UnavailableError | null = null;
  #closing: Promise<void> | null = null;

  static async start(here: Store, path: string): Promise<Store> {
    const store = new ThreadedSqliteStore(here, path);
    await store.#answerTo(0);
    return store;
  }

  private constructor(here: Store, path: string) {
    this.#here = here;
    this.db = here.db;
    // Without the flags of this process: those of test runners and profilers are not meant for a thread.
    this.#thread = new Worker(new URL('store-thread.ts', import.meta.url), { workerData: path, execArgv: [] });
    this.#thread.on('message', (answer: StoreAnswer) => this.#settle(answer));
    this.#thread.on('error', (cause) => this.#stopped(cause));
    this.#ended = new Promise((resolve) => {
      this.#thread.once('exit', () => {
        this.#stopped(undefined);
        resolve();
      });
    });
  }

  applyBatch(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    // The thread answers with what SqliteStore returned, here and below.
    return this.#ask({ kind: 'applyBatch', operations }) as Promise<readonly OperationResult[]>;
  }

  writeRows(writes: readonly RowWrite[]): ReturnType<Store['writeRows']> {
    return this.#ask({ kind: 'writeRows', writes }) as ReturnType<Store['writeRows']>;
  }

  async openWallet(wallet: NewWallet): Promise<void> {
    await this.#ask({ kind: 'openWallet', wallet });
  }

  async check(): Promise<void> {
    await this.#ask({ kind: 'check' });
  }

  /** What was asked before is still written. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#end === null) await this.#ask({ kind: 'close' });
    this.#end ??= new UnavailableError('The data file is closed');
    await this.#ended;
    await this.#here.close();
  }

  async #ask(request: StoreRequest): Promise<unknown> {
    if (this.#end !== null) throw this.#end;
    if (this.#closing !== null && request.kind !== 'close') throw new UnavailableError('The data file is closed');
    this.#count += 1;
    this.#thread.postMessage({ number: this.#count, request } satisfies NumberedRequest);
    return await this.#answerTo(this.#count);
  }

  #answerTo(number: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
  }

  #settle(answer: StoreAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(answer.isUnavailable ? new UnavailableError(answer.reason) : new Error(answer.reason));
  }

  #stopped(cause: unknown): void {
    const isExpected = this.#closing !== null;
    this.#end ??= new UnavailableError(
      isExpected ? 'The data file is closed' : 'The thread that writes the data file has stopped',
      { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}
