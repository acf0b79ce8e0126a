/** `npm run demo:many` as a stranger starts it, and what it says of itself. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const START_WITHIN_MS = 50_000;

export interface ManyServers {
  readonly url: string;
  readonly databaseUrl: string;
  output(): string;
  /** The process id of "server 2" or "PostgreSQL", the newest that was printed. */
  processOf(who: string): number;
  /** Ctrl+C. Resolves to the exit code. */
  interrupt(): Promise<number | null>;
  close(): Promise<void>;
}

export async function startManyServers(policy: object): Promise<ManyServers> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-flow-'));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(policy));
  const running = spawnDemo(['many-servers'], { POLICY_FILE: policyFile });
  const { output } = running;
  const interrupt = () => {
    running.child.kill('SIGINT');
    return running.ended;
  };
  const close = async () => {
    await interrupt();
    rmSync(folder, { recursive: true, force: true });
  };
  if (!(await running.printed('Stop with Ctrl+C'))) {
    await close();
    throw new Error(`The demo did not start:\n${output()}`);
  }
  const found = (pattern: RegExp) => output().match(pattern)?.[1] ?? '';
  return {
    url: found(/(http:\/\/localhost:\d+)/),
    databaseUrl: found(/DATABASE_URL=(\S+)/),
    output,
    processOf: (who) => Number([...output().matchAll(new RegExp(`${who}\\b.*kill -9 (\\d+)`, 'g'))].at(-1)?.[1]),
    interrupt,
    close,
  };
}

/** `npm start` on a database of that address, for as long as it lasts. */
export async function startSecondDemo(
  databaseUrl: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const running = spawnDemo([], { DATABASE_URL: databaseUrl });
  const code = await running.ended;
  return { code, output: running.output() };
}

function spawnDemo(words: readonly string[], settings: Readonly<Record<string, string>>) {
  // A stranger has no NODE_ENV of a test runner, which would build the page for developers.
  const { NODE_ENV: _ofTheRunner, DATABASE_URL: _ofTheRun, ...inherited } = process.env;
  const child = spawn(process.execPath, ['demo/start.mjs', ...words], {
    cwd: root,
    env: { ...inherited, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((over) => child.once('exit', over));
  /** False when it ends before, or takes too long. */
  const printedInTime = (text: string) =>
    new Promise<boolean>((answer) => {
      const timer = setTimeout(() => answer(false), START_WITHIN_MS);
      child.stdout.on('data', () => printed.includes(text) && answer(true));
      ended.then(() => answer(false)).finally(() => clearTimeout(timer));
    });
  return { child, ended, output: () => printed, printed: printedInTime };
}

/** False: it has ended, or there never was one. */
export function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
