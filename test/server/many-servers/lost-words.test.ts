/** The connection by which servers hear of each other is lost: nobody may go on showing what was true before. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../../server/start-server.ts';
import { CommandedEdge, FleetPerson, fleetEnvironment, Listening, startInProcess } from '../../support/server-fleet.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const CUT_ALL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

let home: ServerHome;
let edge: CommandedEdge;
let environment: Readonly<Record<string, string>>;
let servers: readonly RunningServer[];

beforeAll(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 5_000_000, isPostgres: true });
  edge = await CommandedEdge.start();
  environment = fleetEnvironment(home, edge);
  servers = await Promise.all([1, 2, 3].map(() => startInProcess(environment)));
}, 60_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  edge.close();
  home.remove();
}, 60_000);

async function cutAllConnections(): Promise<void> {
  const client = new pg.Client({ connectionString: environment.DATABASE_URL });
  await client.connect();
  await client.query(CUT_ALL);
  await client.end();
}

test('every open widget is told once to ask for everything, its stream goes on, and what happens next is told', async () => {
  const [one] = servers;
  if (!one) throw new Error('No server');
  const sam = await FleetPerson.of('sam', 'berlin');
  const dana = await FleetPerson.of('dana', 'berlin', 'billing');
  const heard = await Promise.all(servers.map((server) => Listening.to(server, sam.token)));
  for (const stream of heard) await expect.poll(() => stream.ofType('balance').length, PATIENCE).toBeGreaterThan(0);
  await cutAllConnections();
  for (const stream of heard) await expect.poll(() => stream.ofType('resync').length, PATIENCE).toBe(1);
  const paused = async () => (await dana.ask(one, '/v1/pause', { isPaused: true }, 'PUT')).status;
  await expect.poll(paused, PATIENCE).toBe(200);
  for (const stream of heard) {
    await expect.poll(() => stream.ofType('balance').at(-1)?.balance.pause?.byName, PATIENCE).toBe('dana');
    expect(stream.ofType('resync')).toHaveLength(1);
    expect(stream.hasEnded).toBe(false);
    stream.close();
  }
}, 90_000);
