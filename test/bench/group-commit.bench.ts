/**
 * What commits in groups are worth where a sync takes a millisecond longer than here: 64 clients of the ledger against the same
 * statements with a commit for each operation, on this disk and on the slower one. Syncs are slowed by a few lines of C that are
 * loaded before libc; where there is no C compiler, that half is not measured, and it says so.
 *
 *   node test/bench/group-commit.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printMeasure } from './measure.ts';

const GOAL_RATIO = 29;
/** A millisecond more a sync cannot be missed: that many commits of one operation a second are not possible with it. */
const MOST_SLOW_COMMITS = 950;
const CHILD = fileURLToPath(new URL('../support/group-commit-child.ts', import.meta.url));
const SLOW_SYNC = fileURLToPath(new URL('../support/slow-sync.c', import.meta.url));

interface Rates {
  readonly group: number;
  readonly single: number;
  /** The same statements, 64 a commit, without clients, promises, queue or decisions: nothing that decides can be much faster. */
  readonly bare: number;
}

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function bench(): void {
  const here = ratesIn('here', {});
  printMeasure({ name: 'group commit: 64 clients against a commit per operation, this disk', ...measureOf(here) });
  const library = slowSyncLibrary();
  if (library === null) {
    console.log('group commit: with +1 ms a sync it is NOT MEASURED: there is no C compiler (cc) to slow syncs with.');
    return;
  }
  const slow = ratesIn('slow', { LD_PRELOAD: library });
  if (slow.single > MOST_SLOW_COMMITS) throw new Error(`Syncs were not slowed: ${slow.single} commits a second`);
  printMeasure({
    name: 'group commit: a commit per operation, +1 ms a sync',
    value: slow.single,
    unit: 'operations/s',
  });
  printMeasure({
    name: 'group commit: 64 clients against a commit per operation, +1 ms a sync',
    ...measureOf(slow),
    goal: { atLeast: GOAL_RATIO },
  });
  printMeasure({
    name: 'group commit: bare statements, 64 a commit, against a commit per operation, +1 ms a sync',
    value: slow.bare,
    unit: 'operations/s',
    ratio: slow.bare / slow.single,
  });
}

function measureOf({ group, single }: Rates) {
  return { value: group, unit: 'operations/s', ratio: group / single };
}

function ratesIn(name: string, environment: NodeJS.ProcessEnv): Rates {
  const home = join(folder, name);
  mkdirSync(home);
  const options = { env: { ...process.env, ...environment }, encoding: 'utf8' } as const;
  // The child prints nothing else.
  return JSON.parse(execFileSync(process.execPath, [CHILD, home], options)) as Rates;
}

/** null where nobody can make it. */
function slowSyncLibrary(): string | null {
  const library = join(folder, 'slow-sync.so');
  const made = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SLOW_SYNC, '-ldl'], { encoding: 'utf8' });
  return made.status === 0 ? library : null;
}
