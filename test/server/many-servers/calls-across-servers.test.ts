/** Three servers on one PostgreSQL: a call goes from one to the next, and every widget at each of them sees it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { savePolicy } from '../../../server/policy/policy-store.ts';
import { parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';
import { saveRateDeck } from '../../../server/rates/rate-deck-store.ts';
import type { RunningServer } from '../../../server/start-server.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import {
  CommandedEdge,
  FleetPerson,
  fleetEnvironment,
  Listening,
  report,
  startInProcess,
} from '../../support/server-fleet.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';

/** What is waited for comes within a second on a quiet machine; a busy one may take longer. */
const PATIENCE = { timeout: 15_000, interval: 20 };
const SEED_MICROS = 20_000_000;

const POOR_OFFICES = ['lagos', 'lima', 'riga'] as const;

let home: ServerHome;
let edge: CommandedEdge;
let servers: readonly [RunningServer, RunningServer, RunningServer];
const streams: Listening[] = [];

beforeAll(async () => {
  home = await makeServerHome({ offices: ['berlin', 'austin', ...POOR_OFFICES], creditMicros: 0, isPostgres: true });
  edge = await CommandedEdge.start();
  const store = await home.openStore();
  // Leases that are renewed every second, so that a test sees several.
  await savePolicy(store, { content: '{"calls":{"leaseSeconds":3,"renewBeforeSeconds":2}}', setAtMs: Date.now() });
  const { rates } = parseRateDeck('prefix,destination,price,increments\n49,Germany,0.60,1/1\n');
  await saveRateDeck(store, { deckId: 'by-the-second', name: 'test', importedAtMs: Date.now() + 1, rates });
  await store.close();
  const environment = fleetEnvironment(home, edge);
  servers = [await startInProcess(environment), await startInProcess(environment), await startInProcess(environment)];
}, 60_000);

afterAll(async () => {
  for (const stream of streams) stream.close();
  await Promise.all(servers.map((server) => server.close()));
  edge.close();
  const store = await home.openStore();
  const faults = await ledgerFaults(store);
  await store.close();
  home.remove();
  expect(faults).toEqual([]);
}, 60_000);

async function listen(index: number, person: FleetPerson): Promise<Listening> {
  const server = servers[index];
  if (!server) throw new Error('No such server');
  const stream = await Listening.to(server, person.token);
  streams.push(stream);
  await expect.poll(() => stream.ofType('balance').length, PATIENCE).toBeGreaterThanOrEqual(1);
  return stream;
}

async function addCredit(
  server: RunningServer,
  { person, amountMicros }: { readonly person: FleetPerson; readonly amountMicros: number },
): Promise<void> {
  const added = await person.ask(server, '/v1/play-credit', { creditId: randomUUID(), amountMicros });
  expect(added.status).toBe(200);
}

const statusesOf = (stream: Listening, callId: string) => [
  ...new Set(stream.ofType('call').flatMap(({ call }) => (call.callId === callId ? [call.status] : []))),
];

test('a call is authorized on one, admitted on another, answered on a third, renewed by one and settled', async () => {
  const [one, two, three] = servers;
  const sam = await FleetPerson.of('sam', 'berlin');
  const heard = [
    await listen(0, sam),
    await listen(1, sam),
    await listen(2, await FleetPerson.of('dana', 'berlin', 'billing')),
  ];
  const elsewhere = await listen(2, await FleetPerson.of('ann', 'austin', 'billing'));

  await addCredit(two, { person: await FleetPerson.of('dana', 'berlin', 'billing'), amountMicros: SEED_MICROS });
  const call = await sam.authorize(one);
  expect(call.status).toBe(200);
  expect((await sam.admit(two, call)).body).toMatchObject({
    decision: 'allow',
    accountId: 'acme',
    callId: call.callId,
  });
  // The same INVITE at another server is the same admission; another one with this grant is refused wherever it comes.
  expect((await sam.admit(three, call)).body).toMatchObject({ decision: 'allow' });
  expect((await report(three, call.callId, { kind: 'answered' })).body).toMatchObject({ isOver: false });
  await expect.poll(() => edge.leasesOf(call.callId).length, PATIENCE).toBeGreaterThanOrEqual(2);
  const ended = await report(one, call.callId, { kind: 'ended', durationMs: 2_500 });
  expect(ended.body).toEqual({ leaseSeconds: null, isOver: true });

  for (const stream of heard) {
    await expect.poll(() => statusesOf(stream, call.callId), PATIENCE).toEqual(['authorized', 'answered', 'settled']);
    await expect
      .poll(() => stream.ofType('balance').at(-1)?.balance, PATIENCE)
      .toMatchObject({ heldMicros: 0, balanceMicros: SEED_MICROS - 30_000 });
  }
  expect(elsewhere.ofType('call')).toEqual([]);
  // One server renewed it: the edge was told each lease once.
  const leases = edge.leasesOf(call.callId);
  expect(leases).toEqual([...new Set(leases)]);
}, 60_000);

test('what no balance version tells (a pause) is heard and obeyed at every server at once', async () => {
  const [one, two, three] = servers;
  const dana = await FleetPerson.of('dana', 'austin', 'billing');
  const heard = [await listen(0, dana), await listen(1, dana), await listen(2, dana)];
  const pause = (isPaused: boolean) => dana.ask(one, '/v1/pause', { isPaused }, 'PUT');
  expect((await pause(true)).status).toBe(200);
  for (const stream of heard) {
    await expect.poll(() => stream.ofType('balance').at(-1)?.balance.pause?.byName, PATIENCE).toBe('dana');
  }
  const ann = await FleetPerson.of('ann', 'austin');
  for (const server of [two, three]) expect((await ann.authorize(server)).body.code).toBe('calling_paused');
  await pause(false);
  for (const stream of heard)
    await expect.poll(() => stream.ofType('balance').at(-1)?.balance.pause, PATIENCE).toBeNull();
}, 60_000);

test('a final lease grows at once when credit is added, at whichever server that is', async () => {
  const [one, two, three] = servers;
  for (const [index, officeId] of POOR_OFFICES.entries()) {
    const rosa = await FleetPerson.of('rosa', officeId, 'billing');
    await addCredit(one, { person: rosa, amountMicros: 20_000 });
    const call = await rosa.authorize(one);
    expect(call.body.lease).toMatchObject({ leaseSeconds: 2, isFinal: true });
    await rosa.admit(two, call);
    await report(three, call.callId, { kind: 'answered' });
    expect(edge.leasesOf(call.callId)).toEqual([]);
    const adding = servers[index] ?? one;
    await addCredit(adding, { person: rosa, amountMicros: 1_000_000 });
    await expect.poll(() => edge.leasesOf(call.callId)[0], PATIENCE).toBeGreaterThan(2);
    await report(two, call.callId, { kind: 'ended', durationMs: 1_000 });
  }
}, 60_000);

test('a widget that comes back to another server is told to ask for everything, and gets the state of things', async () => {
  const kim = await FleetPerson.of('kim', 'berlin');
  const first = await listen(0, kim);
  first.close();
  const second = await Listening.to(servers[1], kim.token, first.lastEventId);
  streams.push(second);
  await expect.poll(() => second.events.slice(0, 2).map(({ type }) => type), PATIENCE).toEqual(['resync', 'balance']);
});
