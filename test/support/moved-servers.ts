/** Server processes on one store whose clock a test moves, and which it kills: each is a moved-server-process.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerClock } from '../../server/services.ts';
import type { MovedClock } from './moved-server-process.ts';

const PROCESS = fileURLToPath(new URL('./moved-server-process.ts', import.meta.url));
/** Looks for a server that lives, while there is none. */
const LOOK_MS = 10;

interface Living {
  readonly process: ChildProcess;
  readonly url: string;
}

export class MovedServers implements ServerClock {
  killCount = 0;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #count: number;
  /** Why there will be no more: processes that ended without having been killed here. */
  readonly #unexpected: string[] = [];
  readonly #killed = new Set<ChildProcess>();
  #living: readonly Living[] = [];
  #aheadMs: number;

  constructor(options: {
    readonly environment: Readonly<Record<string, string>>;
    readonly count: number;
    /** What their clocks show now. */
    readonly nowMs: number;
  }) {
    this.#environment = options.environment;
    this.#count = options.count;
    this.#aheadMs = options.nowMs - Date.now();
  }

  /** As the servers know it. */
  nowMs(): number {
    return Date.now() + this.#aheadMs;
  }

  moveBy(ms: number): void {
    this.#aheadMs += ms;
    const moved: MovedClock = { aheadMs: this.#aheadMs };
    for (const { process: child } of this.#living) child.send(moved);
  }

  /** As many as there should be, where some were killed. */
  async start(): Promise<void> {
    const missing = this.#count - this.#living.length;
    const started = await Promise.all(Array.from({ length: missing }, () => this.#startOne()));
    this.#living = [...this.#living, ...started];
  }

  /** Nobody waits for a server that has ended by itself; what it said stands above. */
  throwIfEnded(): void {
    if (this.#unexpected.length > 0) throw new Error(this.#unexpected.join(', '));
  }

  /** Of any that lives; waits until there is one. */
  async url(): Promise<string> {
    for (;;) {
      this.throwIfEnded();
      const found = this.#living[Math.floor(Math.random() * this.#living.length)];
      if (found) return found.url;
      await delay(LOOK_MS);
    }
  }

  /**
   * At once, in the same turn of the event loop: what they asked for and was not answered yet finds nobody. Resolves when they are gone.
   */
  async kill(which: 'all' | 'one'): Promise<void> {
    const chosen = which === 'all' ? this.#living : this.#living.slice(0, 1);
    this.#living = this.#living.filter((living) => !chosen.includes(living));
    this.killCount += chosen.length;
    const gone = chosen.map(({ process: child }) => {
      this.#killed.add(child);
      child.kill('SIGKILL');
      return once(child, 'exit');
    });
    await Promise.all(gone);
  }

  /** For good: whoever still waits for one is told so. */
  async end(): Promise<void> {
    this.#unexpected.push('the servers were ended for good');
    await this.kill('all');
  }

  async #startOne(): Promise<Living> {
    const child = spawn(process.execPath, [PROCESS, String(this.#aheadMs)], {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code, signal]) => {
      if (!this.#killed.has(child)) this.#unexpected.push(`a server ended by itself: ${code ?? signal}`);
      return [{ url: null }];
    });
    const [{ url }] = await Promise.race([once(child, 'message'), ended]);
    if (url === null) throw new Error('A server did not start; what it said stands above');
    return { process: child, url };
  }
}
