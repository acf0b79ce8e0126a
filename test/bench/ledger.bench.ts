/**
 * What the ledger costs on top of SQLite: durable authorize + settle of 64 clients on 10,000 wallets, against the same statements run
 * by hand at 64 operations per commit. Both sides in one process, in alternating rounds, so that a busy machine slows both. Before that,
 * the ledger alone: how long each of the 64 waits.
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

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const ledger = await openLedgerSide({
    path: join(folder, 'ledger.db'),
    clients: CLIENTS,
    onAnswer: (durationMs) => answersMs.push(durationMs),
  });
  const answersMs: number[] = [];
  const loopDelay = monitorEventLoopDelay({ resolution: 1 });
  let round = 0;
  const rateOf = (side: LedgerSide) => ratePerSecond(side, { round, calls: CALLS_A_ROUND });
  // How long an answer takes is measured first and alone: the other side's pages would still be on their way to the same disk.
  await rateOf(ledger);
  answersMs.length = 0;
  loopDelay.enable();
  for (round = 1; round <= ROUNDS; round += 1) await rateOf(ledger);
  loopDelay.disable();
  const p99Ms = percentile(answersMs, 0.99);
  const raw = await openRawSide({ path: join(folder, 'raw.db'), operationsPerCommit: CLIENTS });
  await rateOf(raw);
  const rates = { ledger: [] as number[], raw: [] as number[] };
  for (round += 1; rates.raw.length < ROUNDS; round += 1) {
    rates.ledger.push(await rateOf(ledger));
    rates.raw.push(await rateOf(raw));
  }
  await ledger.close();
  await raw.close();
  const unit = 'operations/s';
  printMeasure({ name: 'ledger: raw node:sqlite, same statements, 64 a commit', value: median(rates.raw), unit });
  printMeasure({
    name: 'ledger: durable authorize+settle, 64 clients, 10,000 wallets',
    value: median(rates.ledger),
    unit,
    ratio: median(rates.ledger.map((rate, index) => rate / (rates.raw[index] ?? Number.NaN))),
    goal: { atLeast: GOAL_RATIO },
  });
  printMeasure({
    name: 'ledger: an operation, p99 at 64 clients',
    value: p99Ms,
    unit: 'ms',
    goal: { atMost: GOAL_P99_MS },
  });
  printMeasure({
    name: 'ledger: event loop delay p99 under that load',
    value: loopDelay.percentile(99) / 1e6,
    unit: 'ms',
  });
}
