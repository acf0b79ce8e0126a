/**
 * What the ledger costs on top of SQLite: durable authorize + settle of 64 clients on 10,000 wallets, against the same statements run
 * by hand at 64 operations per commit. Both sides in one process, in alternating rounds, so that a busy machine slows both.
 *
 *   node test/bench/ledger.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Ledger, OperationResult } from '../../server/ledger/operation.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { setPragmas } from '../../server/storage/sqlite/sqlite-pragmas.ts';
import type { Store } from '../../server/storage/store.ts';
import { ACCOUNT, creditOf } from '../support/ledger-operations.ts';
import { callOperations, RawLedgerStatements, WALLET_COUNT, walletOf } from '../support/ledger-workload.ts';
import { median, printMeasure } from './measure.ts';

const GOAL_RATIO = 0.6;
const ROUNDS = 7;
const CLIENTS = 64;
/** Calls a round and side; each is two operations. */
const CALLS_A_ROUND = 8_000;

interface Side {
  /** Authorizes and settles CALLS_A_ROUND calls, all durable. */
  readonly run: (round: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const [ledger, raw] = [await openLedgerSide(), await openRawSide()];
  const loopDelay = monitorEventLoopDelay({ resolution: 1 });
  const rates = { ledger: [] as number[], raw: [] as number[] };
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (round > 0) loopDelay.enable();
    const ledgerRate = await rateOf(ledger, round);
    loopDelay.disable();
    const rawRate = await rateOf(raw, round);
    if (round === 0) continue;
    rates.ledger.push(ledgerRate);
    rates.raw.push(rawRate);
  }
  await ledger.close();
  await raw.close();
  const ratio = median(rates.ledger.map((rate, index) => rate / (rates.raw[index] ?? Number.NaN)));
  printMeasure({
    name: 'ledger: raw node:sqlite, same statements, 64 a commit',
    value: median(rates.raw),
    unit: 'operations/s',
  });
  printMeasure({
    name: 'ledger: durable authorize+settle, 64 clients, 10,000 wallets',
    value: median(rates.ledger),
    unit: 'operations/s',
    ratio,
    goal: { atLeast: GOAL_RATIO },
  });
  printMeasure({
    name: 'ledger: event loop delay p99 under that load',
    value: loopDelay.percentile(99) / 1e6,
    unit: 'ms',
  });
  if (ratio < GOAL_RATIO) process.exitCode = 1;
}

async function rateOf(side: Side, round: number): Promise<number> {
  const startedAt = performance.now();
  await side.run(round);
  return (CALLS_A_ROUND * 2 * 1_000) / (performance.now() - startedAt);
}

async function openLedgerSide(): Promise<Side> {
  const store = await openFunded(join(folder, 'ledger.db'));
  const ledger = createLedger(store);
  return {
    run: async (round) => {
      await Promise.all(Array.from({ length: CLIENTS }, (_, client) => runClient(ledger, { round, client })));
    },
    close: async () => {
      await ledger.close();
      await store.close();
    },
  };
}

async function runClient(ledger: Ledger, { round, client }: { readonly round: number; readonly client: number }) {
  for (let call = client; call < CALLS_A_ROUND; call += CLIENTS) {
    const { hold, settle } = callOperations(round, call);
    assertApplied(await ledger.submit(hold));
    assertApplied(await ledger.submit(settle));
  }
}

async function openRawSide(): Promise<Side> {
  const path = join(folder, 'raw.db');
  await (await openFunded(path)).close();
  const database = new DatabaseSync(path);
  setPragmas(database, 'writer');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const raw = new RawLedgerStatements(database);
  const inCommits = (count: number, run: (index: number) => void) => {
    for (let start = 0; start < count; start += CLIENTS) {
      begin.run();
      for (let index = start; index < Math.min(count, start + CLIENTS); index += 1) run(index);
      commit.run();
    }
  };
  return {
    run: async (round) => {
      // The same waves as the clients of the other side: 64 authorizations, then their 64 settlements.
      inCommits(CALLS_A_ROUND * 2, (index) => {
        const call = Math.floor(index / (2 * CLIENTS)) * CLIENTS + (index % CLIENTS);
        if (index % (2 * CLIENTS) < CLIENTS) raw.hold(round, call);
        else raw.settle(round, call);
      });
    },
    close: async () => database.close(),
  };
}

async function openFunded(path: string): Promise<Store> {
  const store = await openSqliteStore({ path });
  const database = new DatabaseSync(path);
  // Ten thousand wallets, each opened durably, would take longer than the benchmark.
  database.exec(`INSERT INTO wallet(account_id, wallet_id, currency)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${WALLET_COUNT - 1})
    SELECT '${ACCOUNT}', 'wallet-' || i, 'USD' FROM n`);
  database.close();
  const credits = Array.from({ length: WALLET_COUNT }, (_, index) =>
    creditOf(1_000_000_000, { operationId: `fund-${index}`, walletId: walletOf(index) }),
  );
  (await store.applyBatch(credits)).forEach(assertApplied);
  return store;
}

function assertApplied(result: OperationResult): void {
  if (!result.applied || result.isRepeat) throw new Error(`Not applied: ${JSON.stringify(result)}`);
}
