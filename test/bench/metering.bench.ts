/**
 * What running calls cost: 5,000 answered calls with 30-second leases, spread over ten offices, metered by one process on the real SQLite
 * store. Each is renewed every 20 s: hold grown, row written, edge told (an edge that answers at once), widgets told.
 *
 *   node test/bench/metering.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EdgeCommands } from '../../server/edge/edge-contract.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { createLedger } from '../../server/ledger/ledger.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../server/policy/default-policy.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import { RateBook } from '../../server/rates/rate-book.ts';
import { RateDeck } from '../../server/rates/rate-deck.ts';
import type { Identity } from '../../server/services.ts';
import { createServices, type Services } from '../../server/services-of.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { AUSTRIA, RATES } from '../support/office-rates.ts';
import { printMeasure } from './measure.ts';

const CALLS = 5_000;
const OFFICES = 10;
const LEASE_SECONDS = 30;
const RENEW_BEFORE_SECONDS = 10;
const MEASURED_SECONDS = 20;
const GOAL_CORE_SHARE = 0.35;
const GOAL_LOOP_P99_MS = 20;

const policy = {
  ...DEFAULT_POLICY,
  calls: { ...DEFAULT_POLICY.calls, leaseSeconds: LEASE_SECONDS, renewBeforeSeconds: RENEW_BEFORE_SECONDS },
  caps: { ...DEFAULT_POLICY.caps, agentCallsAtOnce: null },
};

let renewals = 0;
let events = 0;
const edgeCommands: EdgeCommands = {
  setLease: async ({ callId }, { leaseSeconds }) => {
    renewals += 1;
    return { outcome: 'done', call: { callId, state: 'answered', elapsedMs: null, leaseSeconds } };
  },
  end: async () => ({ outcome: 'gone' }),
};

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const store = await openSqliteStore({ path: join(folder, 'bench.sqlite') });
  const ledger = createLedger(store);
  await seed(store);
  const services = createServices({
    store,
    ledger,
    rates: new RateBook(RateDeck.from(RATES)),
    readNumber: dialableNumber,
    policy: policyInForce(() => ({ ...DEFAULT_POLICIES, default: policy })),
    clock: { nowMs: () => Date.now() },
    publisher: {
      publish: () => {
        events += 1;
      },
    },
    edgeCommands,
    line: { sipDomain: 'bench', webSocketUrl: 'ws://bench', credentialsSeconds: 600, iceServers: [] },
    secrets: { grant: 'a-secret-for-grants-of-32-bytes-0123456789', line: 'a-secret-for-lines' },
    isDemo: true,
  });
  services.scheduler.start();
  for (const officeId of officeIds()) {
    const admin = { ...personOf(0), officeId, role: 'billing' as const };
    await services.handlers.addPlayCredit(admin, {
      creditId: `bench-${officeId}`,
      amountMicros: micros(1_000_000_000),
    });
  }
  await beginCalls(services);
  await measure(store);
  await services.scheduler.stop();
  await ledger.close();
  await store.close();
}

/** Spread over one round of renewals, so that they come due evenly, as real calls do. */
async function beginCalls(services: Services): Promise<void> {
  const beganAtMs = Date.now();
  const roundMs = (LEASE_SECONDS - RENEW_BEFORE_SECONDS) * 1_000;
  const TOGETHER = 25;
  for (let first = 0; first < CALLS; first += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, index) => beginCall(services, first + index)));
    const dueMs = beganAtMs + (roundMs * first) / CALLS;
    if (dueMs > Date.now()) await sleep(dueMs - Date.now());
  }
}

async function beginCall(services: Services, index: number): Promise<void> {
  const caller = personOf(index);
  const callId = `bench-call-${index}`;
  const authorized = await services.handlers.authorizeCall(caller, { callId, to: AUSTRIA, callerNumber: null });
  if (!authorized.ok) throw new Error(`A call was refused: ${authorized.refusal.code}`);
  const { grant } = authorized.value;
  const call = { sipCallId: callId, callerUser: sipUserOf(caller), calledNumber: AUSTRIA, grant };
  await services.edge.admit({ direction: 'outbound', edgeId: 'bench', ...call });
  await services.edge.answered(callId, { accountId: caller.accountId, edgeId: 'bench', happenedAgoMs: 0 });
}

async function measure(store: Store): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = { cpu: process.cpuUsage(), renewals, events, ms: performance.now() };
  delay.enable();
  await sleep(MEASURED_SECONDS * 1_000);
  delay.disable();
  const { user, system } = process.cpuUsage(before.cpu);
  const seconds = (performance.now() - before.ms) / 1_000;
  const running = await store.db.selectFrom('call').select('callId').where('status', '=', 'answered').execute();
  const share = (user + system) / 1_000_000 / seconds;
  const p99Ms = delay.percentile(99) / 1_000_000;
  printMeasure({ name: 'metering: calls that run', value: running.length, unit: 'calls', goal: { atLeast: CALLS } });
  printMeasure({ name: 'metering: renewals', value: (renewals - before.renewals) / seconds, unit: 'renewals/s' });
  printMeasure({ name: 'metering: events told', value: (events - before.events) / seconds, unit: 'events/s' });
  printMeasure({ name: 'metering: share of a core', value: share, unit: 'cores', goal: { atMost: GOAL_CORE_SHARE } });
  printMeasure({
    name: 'metering: event-loop delay p99',
    value: p99Ms,
    unit: 'ms',
    goal: { atMost: GOAL_LOOP_P99_MS },
  });
}

function officeIds(): readonly string[] {
  return Array.from({ length: OFFICES }, (_, index) => `office-${index}`);
}

function personOf(index: number): Identity {
  const officeId = `office-${index % OFFICES}`;
  return {
    accountId: 'bench',
    officeId,
    personId: `person-${index}`,
    name: `P ${index}`,
    role: 'agent',
    licence: null,
  };
}

async function seed(store: Store): Promise<void> {
  const account = { accountId: 'bench', name: 'Bench', currency: 'USD', timeZone: 'UTC', profile: 'default' };
  await store.writeRows([
    { table: 'account', mode: 'insert', row: { ...account, isPhoneEnabled: true, supportEmail: 'a@b.test' } },
    ...officeIds().map((officeId) => ({
      table: 'office' as const,
      mode: 'insert' as const,
      row: {
        accountId: 'bench',
        officeId,
        name: officeId,
        country: 'US',
        timeZone: 'UTC',
        walletId: officeId,
        pausedAtMs: null,
        pausedByName: null,
      },
    })),
  ]);
}
