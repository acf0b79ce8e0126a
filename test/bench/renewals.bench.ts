/**
 * Many running calls: 20,000 answered calls of 50 offices with leases of 30 seconds, renewed by one process on SQLite,
 * 1,000 a second: hold grown, row written, both durable, and the edge, a process of its own, told by HTTP and its answer read.
 *
 *   node test/bench/renewals.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EdgeCommands } from '../../server/edge/edge-contract.ts';
import { createHttpEdgeCommands } from '../../server/edge/http-edge-commands.ts';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Ledger } from '../../server/ledger/operation.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../server/policy/default-policy.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import { RateBook } from '../../server/rates/rate-book.ts';
import { RateDeck } from '../../server/rates/rate-deck.ts';
import { createServices, type Services } from '../../server/services-of.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { RATES } from '../support/office-rates.ts';
import { putRunningCalls } from '../support/running-calls.ts';
import { percentile, printMeasure } from './measure.ts';

const CALLS = 20_000;
const ACCOUNT = 'bench';
const OFFICES = Array.from({ length: 50 }, (_, index) => `office-${index}`);
const LEASE_SECONDS = 30;
const RENEW_BEFORE_SECONDS = 10;
/** One round of renewals. */
const MEASURED_SECONDS = LEASE_SECONDS - RENEW_BEFORE_SECONDS;
/** Code is compiled and connections are made by then. */
const WARM_UP_SECONDS = 5;
/** The first calls are due then: all are in the store by that time. */
const SEEDING_MS = 10_000;
/** Balances that wait to be told are told by then. */
const LAST_NOTICES_MS = 500;
const GOAL_P99_MS = 20;
const GOAL_CORE_SHARE = 0.5;
const GOAL_RENEWED_SHARE = 0.98;
const EDGE = fileURLToPath(new URL('../support/instant-edge.ts', import.meta.url));

const policy = {
  ...DEFAULT_POLICY,
  calls: { ...DEFAULT_POLICY.calls, leaseSeconds: LEASE_SECONDS, renewBeforeSeconds: RENEW_BEFORE_SECONDS },
};

/** From the moment at which a renewal was begun until the edge has confirmed it. */
const renewalsMs: number[] = [];
const begunAtMs = new Map<string, number>();

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
const edge = spawn(process.execPath, [EDGE], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [address] = await once(edge.stdout, 'data');
  await bench(String(address).trim());
} finally {
  edge.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function bench(edgeUrl: string): Promise<void> {
  const store = await openSqliteStore({ path: join(folder, 'bench.sqlite') });
  const firstDueAtMs = Date.now() + SEEDING_MS;
  const calls = { accountId: ACCOUNT, officeIds: OFFICES, count: CALLS, edgeId: 'bench', policy: policy.calls };
  await putRunningCalls(store, { ...calls, firstDueAtMs });
  const ledger = createLedger(store);
  const services = servicesOn({ store, ledger, edgeUrl });
  services.scheduler.start();
  await sleep(firstDueAtMs - Date.now() + WARM_UP_SECONDS * 1_000);
  await measure();
  await services.scheduler.stop();
  await sleep(LAST_NOTICES_MS);
  await ledger.close();
  await store.close();
}

async function measure(): Promise<void> {
  renewalsMs.length = 0;
  const before = { cpu: process.cpuUsage(), ms: performance.now() };
  await sleep(MEASURED_SECONDS * 1_000);
  const { user, system } = process.cpuUsage(before.cpu);
  const seconds = (performance.now() - before.ms) / 1_000;
  const perSecond = renewalsMs.length / seconds;
  const cpuMicroseconds = user + system;
  printMeasure({
    name: 'renewals: of 20,000 running calls with leases of 30 s',
    value: perSecond,
    unit: 'renewals/s',
    ratio: perSecond / (CALLS / MEASURED_SECONDS),
    goal: { atLeast: GOAL_RENEWED_SHARE },
  });
  printMeasure({
    name: 'renewals: p99 from begin until the edge has confirmed',
    value: percentile(renewalsMs, 0.99),
    unit: 'ms',
    goal: { atMost: GOAL_P99_MS },
  });
  printMeasure({ name: 'renewals: median of the same', value: percentile(renewalsMs, 0.5), unit: 'ms' });
  printMeasure({
    name: 'renewals: share of a core',
    value: cpuMicroseconds / 1_000_000 / seconds,
    unit: 'cores',
    goal: { atMost: GOAL_CORE_SHARE },
  });
  printMeasure({ name: 'renewals: CPU time of one', value: cpuMicroseconds / renewalsMs.length, unit: 'us' });
}

function servicesOn(world: { readonly store: Store; readonly ledger: Ledger; readonly edgeUrl: string }): Services {
  const edges = new Map([['bench', { baseUrl: world.edgeUrl, secret: 'a-secret-of-the-edge' }]]);
  return createServices({
    store: world.store,
    ledger: notingBegin(world.ledger),
    rates: new RateBook(RateDeck.from(RATES)),
    readNumber: dialableNumber,
    policy: policyInForce(() => ({ ...DEFAULT_POLICIES, default: policy })),
    clock: { nowMs: () => Date.now() },
    publisher: { publish: () => undefined, isHeard: () => true },
    edgeCommands: notingEnd(createHttpEdgeCommands({ edges, timeoutMs: 5_000 })),
    line: { sipDomain: 'bench', webSocketUrl: 'ws://bench', credentialsSeconds: 600, iceServers: [] },
    secrets: { grant: 'a-secret-for-grants-of-32-bytes-0123456789', line: 'a-secret-for-lines' },
    isDemo: false,
  });
}

function notingBegin(ledger: Ledger): Ledger {
  return {
    submit: (operation) => {
      if (operation.kind === 'extend') begunAtMs.set(operation.holdId, performance.now());
      return ledger.submit(operation);
    },
  };
}

function notingEnd(commands: EdgeCommands): EdgeCommands {
  return {
    setLease: async (target, command) => {
      const outcome = await commands.setLease(target, command);
      if (outcome.outcome !== 'done') throw new Error(`The edge answered ${outcome.outcome}`);
      const beganAtMs = begunAtMs.get(target.callId);
      // A server that begins reminds the edge of all calls first; that is no renewal.
      if (beganAtMs !== undefined) renewalsMs.push(performance.now() - beganAtMs);
      return outcome;
    },
    end: (target, command) => commands.end(target, command),
  };
}
