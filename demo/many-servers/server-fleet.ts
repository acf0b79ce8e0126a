/** The servers of the demo, each a process of its own. One that dies is missed for a while and then started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StartError } from '../../server/start-error.ts';
import type { Serving } from './gate-process.ts';
import type { BalancedServer } from './load-balancer.ts';

const PROGRAM = fileURLToPath(new URL('./gate-process.ts', import.meta.url));
/** Long enough to see that nothing is missing. */
export const RESTART_AFTER_SECONDS = 10;
const END_WITHIN_MS = 8_000;

export interface FleetOptions {
  readonly count: number;
  /** Of each server. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Each server's log is in it, as server-1.log and so on. */
  readonly logFolder: string;
  readonly say: (sentence: string) => void;
}

export interface FleetServer extends BalancedServer {
  readonly processId: number;
}

export class ServerFleet {
  readonly #options: FleetOptions;
  readonly #serving = new Map<number, FleetServer>();
  readonly #processes = new Map<number, ChildProcess>();
  readonly #stopping = new AbortController();

  private constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Resolves when all serve. Throws StartError with the words of the first that cannot. */
  static async start(options: FleetOptions): Promise<ServerFleet> {
    const fleet = new ServerFleet(options);
    try {
      await Promise.all(Array.from({ length: options.count }, (_, index) => fleet.#launch(index + 1)));
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  /** Those that live and have served, by number. */
  get servers(): readonly FleetServer[] {
    return [...this.#serving.values()].sort((one, other) => one.number - other.number);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#processes.values()].map(end));
  }

  async #launch(number: number): Promise<FleetServer> {
    const { environment, logFolder } = this.#options;
    const logFile = join(logFolder, `server-${number}.log`);
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [PROGRAM], { env: environment, stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    this.#processes.set(number, child);
    return new Promise((serves, failed) => {
      child.once('message', (message) => {
        // Sent by gate-process.ts: nobody else has this channel.
        const server = serverOf(number, { child, serving: message as Serving });
        this.#serving.set(number, server);
        child.once('exit', () => this.#miss(server));
        serves(server);
      });
      // Of no consequence once it has served.
      child.once('exit', () => failed(new StartError(`Server ${number} has ended: ${lastWords(logFile)}`)));
    });
  }

  #miss({ number, processId }: FleetServer): void {
    this.#serving.delete(number);
    if (this.#stopping.signal.aborted) return;
    const { say } = this.#options;
    say(
      `server ${number} (process ${processId}) is dead; ${this.#serving.size} go on without it. Another one starts in ${RESTART_AFTER_SECONDS} s.`,
    );
    void this.#startAgain(number);
  }

  async #startAgain(number: number): Promise<void> {
    const { say } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await pause(RESTART_AFTER_SECONDS * 1_000, undefined, { signal });
        const { processId } = await this.#launch(number);
        return say(`server ${number} is there again: kill -9 ${processId}`);
      } catch (error) {
        if (!signal.aborted) say(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

function serverOf(
  number: number,
  { child, serving }: { readonly child: ChildProcess; readonly serving: Serving },
): FleetServer {
  // Whoever sends a message has an id.
  return { number, url: `http://127.0.0.1:${serving.port}`, processId: child.pid ?? 0 };
}

function lastWords(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n') || 'it left no word.';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((over) => child.once('exit', () => over()));
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  await ended;
  clearTimeout(impatience);
}
