/** What one process decided by its own memory is decided by the database when there are three. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../../server/start-server.ts';
import { CommandedEdge, FleetPerson, fleetEnvironment, Listening, startInProcess } from '../../support/server-fleet.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';

const NEWCOMERS = 45;
const PATIENCE = { timeout: 15_000, interval: 20 };

let home: ServerHome;
let edge: CommandedEdge;
let servers: readonly RunningServer[];

beforeAll(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 0, isPostgres: true });
  edge = await CommandedEdge.start();
  const environment = fleetEnvironment(home, edge);
  servers = await Promise.all([1, 2, 3].map(() => startInProcess(environment)));
}, 60_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  edge.close();
  home.remove();
}, 60_000);

function serverFor(index: number): RunningServer {
  const server = servers[index % servers.length];
  if (!server) throw new Error('No servers');
  return server;
}

test('newcomers at three servers at the same moment get the smallest extensions, each its own', async () => {
  const people = await Promise.all(
    Array.from({ length: NEWCOMERS }, (_, index) => FleetPerson.of(`newcomer-${index}`, 'berlin')),
  );
  const extensions = await Promise.all(
    people.map(async (person, index) => (await person.ask(serverFor(index), '/v1/me')).body.extension),
  );
  const expected = Array.from({ length: NEWCOMERS }, (_, index) => String(201 + index));
  expect(extensions.toSorted()).toEqual(expected);
  // Asked again at another server, each has the same.
  const again = await Promise.all(
    people.map(async (person, index) => (await person.ask(serverFor(index + 1), '/v1/me')).body.extension),
  );
  expect(again).toEqual(extensions);
}, 60_000);

test('a person who asks for credit at three servers at the same moment has asked once', async () => {
  const sam = await FleetPerson.of('sam', 'berlin');
  const dana = await FleetPerson.of('dana', 'berlin', 'billing');
  const heard = await Promise.all(servers.map((server) => Listening.to(server, dana.token)));
  const asked = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      sam.ask(serverFor(index), '/v1/credit-requests', { requestId: randomUUID(), reason: 'calls' }),
    ),
  );
  const codes = asked.map(({ status, body }) => (status === 200 ? 'asked' : body.code)).toSorted();
  expect(codes).toEqual([...Array(11).fill('already_asked'), 'asked']);
  const requestId = asked.find(({ status }) => status === 200)?.body.requestId;
  for (const stream of heard) {
    await expect
      .poll(() => stream.ofType('credit_request').map(({ request }) => request.requestId), PATIENCE)
      .toEqual([requestId]);
  }
  // Answered at one server, the person may ask again at another; the same question once more is the same question.
  const answer = { state: 'declined', words: 'tomorrow', addedMicros: null };
  expect((await dana.ask(serverFor(2), `/v1/credit-requests/${requestId}/answer`, answer)).status).toBe(200);
  const next = { requestId: randomUUID(), reason: 'more calls' };
  expect((await sam.ask(serverFor(0), '/v1/credit-requests', next)).status).toBe(200);
  expect((await sam.ask(serverFor(1), '/v1/credit-requests', next)).status).toBe(200);
  for (const stream of heard) stream.close();
}, 60_000);
