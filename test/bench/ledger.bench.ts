/**
 * What the ledger costs on top of SQLite: durable authorize + settle of 64 clients on 10,000 wallets, against the same statements run
 * by hand at 64 operations per commit. All sides in one process, in alternating rounds, so that a busy machine slows all. A server
 * writes by a thread, which costs a little more an operation and leaves the event loop free; both ways are shown.
 *
 *   node test/bench/ledger.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type LedgerSide, openLedgerSide, openRawSide, ratePerSecond } from '../support/ledger-sides.ts';
import { median, percentile, printMeasure } from './measure.ts';

const GOAL_RATIO = 0.7;
const GOAL_P99_MS = 15;
const ROUNDS = 7;
const CLIENTS = 64;
/** Calls a round and side; each is two operations. */
const CALLS_A_ROUND = 8_000;
const SIDES = ['raw', 'ledger', 'threaded'] as const;
type SideName = (typeof SIDES)[number];

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const answersMs = { ledger: [] as number[], threaded: [] as number[] };
  const sideOf = (name: 'ledger' | 'threaded') =>
    openLedgerSide({
      path: join(folder, `${name}.db`),
      isThreaded: name === 'threaded',
      clients: CLIENTS,
      onAnswer: (durationMs) => answersMs[name].push(durationMs),
    });
  const sides: Readonly<Record<SideName, LedgerSide>> = {
    raw: await openRawSide({ path: join(folder, 'raw.db'), operationsPerCommit: CLIENTS }),
    ledger: await sideOf('ledger'),
    threaded: await sideOf('threaded'),
  };
  const loopDelay = {
    ledger: monitorEventLoopDelay({ resolution: 1 }),
    threaded: monitorEventLoopDelay({ resolution: 1 }),
  };
  const rates: Record<SideName, number[]> = { raw: [], ledger: [], threaded: [] };
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of SIDES) {
      if (name !== 'raw' && round > 0) loopDelay[name].enable();
      rates[name].push(await ratePerSecond(sides[name], { round, calls: CALLS_A_ROUND }));
      if (name !== 'raw') loopDelay[name].disable();
    }
    if (round === 0) forgetAll([...Object.values(rates), ...Object.values(answersMs)]);
  }
  for (const side of Object.values(sides)) await side.close();
  const ratioOf = (name: SideName) => median(rates[name].map((rate, index) => rate / (rates.raw[index] ?? Number.NaN)));
  const unit = 'operations/s';
  printMeasure({ name: 'ledger: raw node:sqlite, same statements, 64 a commit', value: median(rates.raw), unit });
  printMeasure({
    name: 'ledger: durable authorize+settle, 64 clients, 10,000 wallets',
    value: median(rates.ledger),
    unit,
    ratio: ratioOf('ledger'),
    goal: { atLeast: GOAL_RATIO },
  });
  printMeasure({
    name: 'ledger: an operation, p99 at 64 clients',
    value: percentile(answersMs.ledger, 0.99),
    unit: 'ms',
    goal: { atMost: GOAL_P99_MS },
  });
  printMeasure({
    name: 'ledger: event loop delay p99 under that load',
    value: loopDelay.ledger.percentile(99) / 1e6,
    unit: 'ms',
  });
  printMeasure({
    name: 'ledger: the same, written by a thread',
    value: median(rates.threaded),
    unit,
    ratio: ratioOf('threaded'),
  });
  printMeasure({
    name: 'ledger: an operation written by a thread, p99 at 64 clients',
    value: percentile(answersMs.threaded, 0.99),
    unit: 'ms',
    goal: { atMost: GOAL_P99_MS },
  });
  printMeasure({
    name: 'ledger: event loop delay p99, written by a thread',
    value: loopDelay.threaded.percentile(99) / 1e6,
    unit: 'ms',
  });
}

function forgetAll(lists: readonly (readonly number[])[]): void {
  for (const list of lists as number[][]) list.length = 0;
}
