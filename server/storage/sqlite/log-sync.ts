/**
 * Makes commits durable beside the event loop instead of inside COMMIT. SQLite's synchronous=FULL is one sync of the write-ahead log after
 * its frames were written, and the thread that commits waits for it; here the same sync of the same file is asked of a thread of Node's
 * pool, so the next batch is decided while the disk is at work. Nobody is answered before the sync that covers its commit.
 *
 * Why this is as safe as FULL (https://www.sqlite.org/wal.html, wal.c):
 * - With synchronous=NORMAL a commit writes the same frames in the same order, without the sync. fdatasync of any descriptor of the file
 *   makes all of them durable, and what is recovered after a power cut is always a prefix of the commits.
 * - Before a checkpoint moves pages SQLite syncs the log, and the data file before the log may begin anew; the header of a new log is
 *   synced before frames follow. NORMAL does all three, as FULL does. A commit that was moved meanwhile is durable in the data file.
 * - SQLite keeps its locks on the data file and its shared memory, none on the log: a second descriptor of the log drops no lock.
 * - The log is not removed while a connection is open; should somebody remove it all the same, the sync fails instead of lying.
 * - A sync that fails is not tried again: the kernel may have dropped what it could not write (https://lwn.net/Articles/752063/). From then
 *   on everything is refused until a new process has read what is really there.
 */
import { closeSync, fdatasync, fstatSync, openSync } from 'node:fs';
import { UnavailableError } from '../store.ts';

/** Node's fs.fdatasync: calls back when the disk has what was written to the file before the call. */
export type SyncFile = (file: number, done: (cause: Error | null) => void) => void;

export class LogSync {
  readonly #log: number;
  readonly #syncFile: SyncFile;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #failure: UnavailableError | null = null;

  /** `path` is that of the data file, whose log is there because a connection is open. */
  constructor(path: string, syncFile: SyncFile = fdatasync) {
    this.#syncFile = syncFile;
    // For writing too: some systems sync only what could have been written through this descriptor.
    this.#log = openSync(`${path}-wal`, 'r+');
  }

  /** Throws UnavailableError when nothing may be written any more. */
  assertWhole(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Resolves when every commit of before this call is durable. Rejects with UnavailableError when that is not known: the outcome of all
   * that waits is then unknown, and asking again with the same ids is safe.
   */
  async everything(): Promise<void> {
    this.assertWhole();
    // A sync that runs may have begun before the commit; whoever comes meanwhile shares the next one.
    this.#next ??= this.#afterRunning();
    await this.#next;
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#running?.catch(() => undefined);
    closeSync(this.#log);
  }

  async #afterRunning(): Promise<void> {
    await this.#running;
    this.#next = null;
    this.#running = this.#sync();
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  #sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        this.#failure = new UnavailableError(
          'The data file is unavailable: the disk did not confirm what was written, so nothing more is until the server is started anew',
          { cause },
        );
        reject(this.#failure);
      };
      this.#syncFile(this.#log, (cause) => {
        if (cause) fail(cause);
        else if (fstatSync(this.#log).nlink === 0) fail(new Error('Its write-ahead log was removed'));
        else resolve();
      });
    });
  }
}
