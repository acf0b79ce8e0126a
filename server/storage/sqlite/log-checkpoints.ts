/**
 * Moves the write-ahead log into the data file beside the event loop. SQLite's own checkpoint runs inside the COMMIT that made the log
 * too long, and everybody waits for its thousands of page writes and two syncs: at 64 clients that pause alone was the slowest hundredth
 * of all answers. Here a thread with a connection of its own does nearly all of it while commits go on (PASSIVE: it waits for nobody and
 * nobody for it), and the writer moves only what came meanwhile, so that the log may begin anew.
 *
 * SQLite syncs the log before it moves pages and the data file before the log may begin anew, whichever connection moves them
 * (https://www.sqlite.org/wal.html#checkpointing), so what log-sync.ts promises holds. A thread that fails costs pauses, not durability: the
 * writer's own wal_autocheckpoint then does the work.
 */
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** What `PRAGMA wal_checkpoint` answers, in pages. */
export interface LogState {
  /** In the log. */
  readonly log: number;
  /** Of these, in the data file too. */
  readonly checkpointed: number;
}

/** Moves what can be moved without waiting for anybody, by the connection that the statement belongs to. */
export function passiveCheckpoint(database: DatabaseSync): () => LogState {
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  return () => {
    // Columns of this statement: https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    const { log, checkpointed } = checkpoint.get() ?? {};
    return { log: Number(log), checkpointed: Number(checkpointed) };
  };
}

/**
 * Pages (of 4 KiB) between two moves, as far as can be told beforehand. Each move syncs the data file, which the disk does before or
 * after the next sync of the log, not beside it; and a page that was written twice meanwhile is moved once.
 */
const PAGES_BETWEEN = 10_000;
/** Until it is known how many pages a commit takes. */
const FIRST_PAGES_A_COMMIT = 50;

export class LogCheckpoints {
  readonly #path: string;
  readonly #moveRest: () => LogState;
  #thread: Worker | null = null;
  #isMoving = false;
  #isBroken = false;
  #commits = 0;
  #pagesACommit = FIRST_PAGES_A_COMMIT;
  /** Pages that were in the log after the last move. */
  #logBefore = 0;

  /** `moveRest` makes a passive checkpoint with the connection that writes. */
  constructor({ path, moveRest }: { readonly path: string; readonly moveRest: () => LogState }) {
    this.#path = path;
    this.#moveRest = moveRest;
  }

  /** To be told of each commit. */
  committed(): void {
    this.#commits += 1;
    if (this.#isMoving || this.#isBroken || this.#commits * this.#pagesACommit < PAGES_BETWEEN) return;
    this.#isMoving = true;
    this.#thread ??= this.#startThread();
    this.#thread.postMessage('move');
  }

  /** Resolves when the thread has closed its connection: the last one to be closed removes the log. */
  async close(): Promise<void> {
    this.#isBroken = true;
    const thread = this.#thread;
    if (thread === null) return;
    // It keeps no process alive until it is waited for.
    thread.ref();
    thread.postMessage('close');
    await new Promise<void>((resolve) => {
      thread.once('exit', () => resolve());
    });
  }

  /** Started by the first who needs it: most data files never see so many commits in a day. */
  #startThread(): Worker {
    const thread = new Worker(new URL('./log-checkpoint-thread.ts', import.meta.url), { workerData: this.#path });
    thread.on('message', (state: LogState) => this.#moved(state));
    const broken = () => {
      this.#isBroken = true;
      this.#thread = null;
    };
    thread.on('error', broken).on('exit', broken);
    thread.unref();
    return thread;
  }

  #moved({ log }: LogState): void {
    this.#isMoving = false;
    // A log that was begun anew meanwhile is shorter than it was.
    const pages = log >= this.#logBefore ? log - this.#logBefore : log;
    this.#pagesACommit = Math.max(1, pages / Math.max(1, this.#commits));
    this.#commits = 0;
    if (this.#isBroken) return;
    const rest = this.#moveRest();
    // All of it is in the data file: the next commit begins the log anew.
    this.#logBefore = rest.checkpointed === rest.log ? 0 : rest.log;
  }
}
