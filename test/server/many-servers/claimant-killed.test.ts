/** Three server processes on one PostgreSQL share the looking after forty calls; one of them is killed, and no call is lost or cut. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { savePolicy } from '../../../server/policy/policy-store.ts';
import { parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';
import { saveRateDeck } from '../../../server/rates/rate-deck-store.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import {
  CommandedEdge,
  FleetPerson,
  fleetEnvironment,
  Listening,
  report,
  type ServerProcess,
  startProcess,
} from '../../support/server-fleet.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';

const CALLS = 40;
const PATIENCE = { timeout: 30_000, interval: 50 };
/** Renewed when eight seconds are left: longer than it takes to find out that a server is dead. */
const POLICY = { calls: { leaseSeconds: 16, renewBeforeSeconds: 8 }, caps: { agentCallsAtOnce: null } };

let home: ServerHome;
let store: Store;
let edge: CommandedEdge;
let servers: readonly ServerProcess[] = [];

beforeAll(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 50_000_000, isPostgres: true });
  edge = await CommandedEdge.start();
  store = await home.openStore();
  await savePolicy(store, { content: JSON.stringify(POLICY), setAtMs: Date.now() });
  const { rates } = parseRateDeck('prefix,destination,price,increments\n49,Germany,0.60,1/1\n');
  await saveRateDeck(store, { deckId: 'by-the-second', name: 'test', importedAtMs: Date.now() + 1, rates });
  const environment = fleetEnvironment(home, edge);
  servers = await Promise.all([1, 2, 3].map(() => startProcess(environment)));
}, 60_000);

afterAll(async () => {
  for (const { process: child } of servers) child.kill('SIGKILL');
  edge.close();
  const faults = await ledgerFaults(store);
  await store.close();
  home.remove();
  expect(faults).toEqual([]);
}, 60_000);

/** The longer leases that the edge was told, without reminders of one that it had: the first is 16 s, each renewal adds 8. */
const renewalsIn = (leases: readonly number[]) => [...new Set(leases.filter((seconds) => seconds > 16))];
const renewalsOf = (callIds: readonly string[]) => callIds.map((callId) => renewalsIn(edge.leasesOf(callId)).length);

test('killed with SIGKILL, its calls are renewed by the others in time, each renewal once', async () => {
  const [killed, ...living] = servers;
  const [one, two] = living;
  if (!killed || !one || !two) throw new Error('Three servers were started');
  const sam = await FleetPerson.of('sam', 'berlin');
  const heard = await Listening.to(two, sam.token);
  const calls = await Promise.all(
    Array.from({ length: CALLS }, async () => {
      const call = await sam.authorize(killed);
      await sam.admit(one, call);
      await report(two, call.callId, { kind: 'answered' });
      return call.callId;
    }),
  );
  await expect.poll(() => Math.min(...renewalsOf(calls)), PATIENCE).toBeGreaterThanOrEqual(1);
  killed.process.kill('SIGKILL');
  await once(killed.process, 'exit');
  const before = renewalsOf(calls);
  // Another one of each: also of those that the dead one looked after.
  await expect
    .poll(() => renewalsOf(calls).every((count, index) => count >= (before[index] ?? 0) + 1), PATIENCE)
    .toBe(true);
  // Every renewal in its turn: no two servers looked after one call, and none was skipped. Who takes calls over reminds their edge once
  // of the lease that it should know; nothing else is told twice.
  for (const callId of calls) {
    const leases = edge.leasesOf(callId);
    const renewals = renewalsIn(leases);
    expect(renewals).toEqual(renewals.map((_, index) => 24 + 8 * index));
    expect(leases.at(-1)).toBe(Math.max(...leases));
    // Slots move twice at most: when their server dies, and when those who live share them anew.
    expect(leases.length - renewals.length).toBeLessThanOrEqual(2);
  }
  const rows = await store.db.selectFrom('call').select('status').execute();
  expect(rows.map(({ status }) => status)).toEqual(calls.map(() => 'answered'));

  await Promise.all(calls.map((callId) => report(one, callId, { kind: 'ended', durationMs: 10_000 })));
  const wallet = await store.db.selectFrom('wallet').selectAll().executeTakeFirstOrThrow();
  expect(wallet).toMatchObject({ heldMicros: 0, balanceMicros: 50_000_000 - CALLS * 100_000 });
  const settledAtWidget = () =>
    new Set(heard.ofType('call').flatMap(({ call }) => (call.status === 'settled' ? [call.callId] : []))).size;
  await expect.poll(settledAtWidget, PATIENCE).toBe(CALLS);
  heard.close();
}, 90_000);
