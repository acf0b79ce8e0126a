/**
 * The writing connection in a thread of its own: the event loop goes on answering while rows are written and the disk is synced.
 *
 * When the thread dies nobody knows what became of the last commit, and no other thread is begun: everybody who waits or asks later
 * gets UnavailableError, and the process is not ready (/readyz) until it is started anew.
 */
import { Worker } from 'node:worker_threads';
import { type Claim, type NewWallet, UnavailableError } from '../store.ts';
import type { Commit, CommitResult, Writer } from './sqlite-writer.ts';

export interface WriterThreadData {
  readonly path: string;
}

/** Goes to the thread as JSON: for many small objects that is cheaper than the structured clone of postMessage. */
export interface WriterRequest {
  readonly method: keyof Writer;
  readonly argument: unknown;
}

export type WriterAnswer =
  | { readonly isDone: true; readonly value: unknown }
  | { readonly isDone: false; readonly isUnavailable: boolean; readonly message: string; readonly stack: string };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

const THREAD = new URL('./sqlite-writer-thread.ts', import.meta.url);

export class ThreadedWriter implements Writer {
  readonly #thread: Worker;
  /** In the order of their requests, which is the order of the answers. */
  readonly #waiting: Waiting[] = [];
  #death: UnavailableError | null = null;

  /** The file must be one that can be opened and has its tables. `thread` is another program for it, in tests. */
  constructor(data: WriterThreadData, thread: URL = THREAD) {
    this.#thread = new Worker(thread, { workerData: data, name: 'sqlite-writer' });
    // A store that is open and idle does not keep a process alive.
    this.#thread.unref();
    // The thread sends nothing else.
    this.#thread.on('message', (text: string) => this.#answered(JSON.parse(text) as WriterAnswer));
    this.#thread.on('error', (reason) => this.#died(reason));
    this.#thread.on('exit', () => this.#died(null));
  }

  commit(commit: Commit): Promise<CommitResult> {
    return this.#ask('commit', commit);
  }

  openWallet(wallet: NewWallet): Promise<string> {
    return this.#ask('openWallet', wallet);
  }

  claim(claim: Claim): Promise<boolean> {
    return this.#ask('claim', claim);
  }

  probe(): Promise<void> {
    return this.#ask('probe', null);
  }

  close(): Promise<void> {
    return this.#ask('close', null);
  }

  /** The caller names the type of what the method of SqliteWriter returns. */
  #ask<Value>(method: keyof Writer, argument: unknown): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#death !== null) throw this.#death;
      const request: WriterRequest = { method, argument };
      this.#thread.postMessage(JSON.stringify(request));
      this.#waiting.push({ resolve: (value) => resolve(value as Value), reject });
      // A process that has nothing else to do must not end before its answer has come.
      this.#thread.ref();
    });
  }

  #answered(answer: WriterAnswer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.unref();
    if (answer.isDone) waiting?.resolve(answer.value);
    else waiting?.reject(errorOf(answer));
  }

  #died(cause: unknown): void {
    this.#death ??= new UnavailableError('The thread that writes the data file has ended; restart the server', {
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#death);
  }
}

function errorOf({ isUnavailable, message, stack }: Extract<WriterAnswer, { isDone: false }>): Error {
  return Object.assign(isUnavailable ? new UnavailableError(message) : new Error(message), { stack });
}
