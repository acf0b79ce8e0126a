/** The demo as a stranger starts it: an own process on a free port, data in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const START_WITHIN_MS = 60_000;

export interface DemoServer {
  readonly url: string;
  readonly dataFile: string;
  /** Everything the process has printed. */
  readonly output: () => string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** The same data and port again, after a kill. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export async function startDemoServer(
  settings: Readonly<Record<string, string>> = {},
  /** What the policy file says; without it there is none. */
  policy: object | null = null,
): Promise<DemoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-flow-'));
  const dataFile = join(folder, 'credit-phone.sqlite');
  const policyFile = join(folder, 'policy.json');
  if (policy !== null) writeFileSync(policyFile, JSON.stringify(policy));
  const environment = { ...(policy === null ? {} : { POLICY_FILE: policyFile }), ...settings };
  let running = await launch({ PORT: '0', DATA_FILE: dataFile, ...environment });
  const { url } = running;
  const stop = async (signal: NodeJS.Signals) => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return;
    const ended = new Promise((ending) => running.child.once('exit', ending));
    running.child.kill(signal);
    await ended;
  };
  return {
    url,
    dataFile,
    output: () => running.output(),
    kill: stop,
    startAgain: async () => {
      running = await launch({ ...environment, PORT: new URL(url).port, DATA_FILE: dataFile });
    },
    close: async () => {
      await stop('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

function launch(environment: Readonly<Record<string, string>>): Promise<Launched> {
  // A stranger has no NODE_ENV of a test runner, which would build the page for developers.
  const { NODE_ENV: _ofTheRunner, ...inherited } = process.env;
  const child = spawn(process.execPath, ['demo/start.mjs'], {
    cwd: root,
    env: { ...inherited, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  return new Promise((started, failed) => {
    const timer = setTimeout(() => failed(new Error(`The demo did not start:\n${printed}`)), START_WITHIN_MS);
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(printed)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      started({ child, url, output: () => printed });
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(timer);
      failed(new Error(`The demo ended with ${code}:\n${printed}`));
    });
  });
}
