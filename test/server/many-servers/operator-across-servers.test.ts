/** What an operator decides reaches three servers on one PostgreSQL without a restart, within two seconds on a quiet machine. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperatorProgram } from '../../../server/operator/operator-program.ts';
import type { RunningServer } from '../../../server/start-server.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import { CommandedEdge, FleetPerson, fleetEnvironment, Listening, startInProcess } from '../../support/server-fleet.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';

const PATIENCE = { timeout: 15_000, interval: 50 };
const SECOND_MS = 1_000;

let home: ServerHome;
let edge: CommandedEdge;
let folder: string;
let environment: Readonly<Record<string, string>>;
let servers: readonly RunningServer[];
/** Has a policy file of its own. */
let stubborn: RunningServer;
const streams: Listening[] = [];

beforeAll(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 20_000_000, isPostgres: true });
  edge = await CommandedEdge.start();
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-operator-'));
  environment = fleetEnvironment(home, edge);
  servers = await Promise.all([1, 2, 3].map(() => startInProcess(environment)));
  stubborn = await startInProcess({ ...environment, POLICY_FILE: file('own.json', '{}') });
}, 60_000);

afterAll(async () => {
  for (const stream of streams) stream.close();
  await Promise.all([...servers, stubborn].map((server) => server.close()));
  edge.close();
  rmSync(folder, { recursive: true });
  const store = await home.openStore();
  const faults = await ledgerFaults(store);
  await store.close();
  home.remove();
  expect(faults).toEqual([]);
}, 60_000);

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function operator(...words: string[]): Promise<void> {
  const context = { environment, print: () => undefined, setExitCode: () => undefined };
  await createOperatorProgram(context).exitOverride().parseAsync(words, { from: 'user' });
}

async function atEach<Value>(look: (server: RunningServer) => Promise<Value>, expected: Value): Promise<void> {
  for (const server of servers) await expect.poll(() => look(server), PATIENCE).toEqual(expected);
}

test('credit added by the command line is told at every server', async () => {
  const sam = await FleetPerson.of('sam', 'berlin');
  const heard = await Promise.all(servers.map((server) => Listening.to(server, sam.token)));
  streams.push(...heard);
  for (const stream of heard)
    await expect.poll(() => stream.ofType('balance').length, PATIENCE).toBeGreaterThanOrEqual(1);
  await operator('credit', 'add', '--office', 'berlin', '--amount', '5', '--note', 'test', '--id', randomUUID());
  for (const stream of heard) {
    await expect.poll(() => stream.ofType('balance').at(-1)?.balance.balanceMicros, PATIENCE).toBe(25_000_000);
  }
});

test('a rate deck is in force at every server', async () => {
  const sam = await FleetPerson.of('sam', 'berlin');
  const priceAt = async (server: RunningServer) =>
    (await sam.ask(server, '/v1/quote?to=%2B4915123456789')).body.perMinuteMicros;
  await atEach(priceAt, 600_000);
  await operator('rates', 'import', file('deck.csv', 'prefix,destination,price\n49,Germany,0.90\n'));
  await atEach(priceAt, 900_000);
});

test('a policy is in force at every server, but where a file has the word; a wrong one changes nothing', async () => {
  const sam = await FleetPerson.of('sam', 'berlin');
  const shownAt = async (server: RunningServer) => (await sam.ask(server, '/v1/me')).body.showBalance;
  await atEach(shownAt, 'money');
  await operator('policy', 'set', file('policy.json', '{"showBalanceToAgents":"none"}'));
  await atEach(shownAt, 'none');
  expect(await shownAt(stubborn)).toBe('money');
  const wrong = file('wrong.json', '{\n  "showBalanceToAgents": "all"\n}');
  await expect(operator('policy', 'set', wrong)).rejects.toThrow(/line 2: showBalanceToAgents .*Nothing was changed/);
  await operator('policy', 'set', file('policy.json', '{"showBalanceToAgents":"time"}'));
  await atEach(shownAt, 'time');
});

test('an account goes by another profile at every server; what the profile says can be set, too', async () => {
  const dana = await FleetPerson.of('dana', 'berlin', 'billing');
  const amountsAt = async (server: RunningServer) => {
    // The settings as the contract has them.
    const { topUp } = (await dana.ask(server, '/v1/payment-settings')).body as { topUp: { presetsMicros: number[] } };
    return topUp.presetsMicros.length;
  };
  await atEach(amountsAt, 3);
  await operator('accounts', 'profile', '--account', 'acme', '--profile', 'skara');
  await atEach(amountsAt, 7);
  const presets = '{"profiles":{"skara":{"payments":{"topUp":{"presetsMicros":[10000000,1000000000]}}}}}';
  await operator('policy', 'set', file('policy.json', presets));
  await atEach(amountsAt, 2);
  expect(await amountsAt(stubborn)).toBe(7);
  await operator('accounts', 'profile', '--account', 'acme', '--profile', 'default');
  await atEach(amountsAt, 3);
});

test('tokens of a person are refused at every server, and its streams end; others and newer tokens are let in', async () => {
  const [one] = servers;
  const sam = await FleetPerson.of('sam', 'berlin');
  const kim = await FleetPerson.of('kim', 'berlin');
  const statusAt = (person: FleetPerson) => async (server: RunningServer) =>
    (await person.ask(server, '/v1/me')).status;
  await atEach(statusAt(sam), 200);
  const [ofSam, ofKim] = await Promise.all(
    [sam, kim].map((person) => Promise.all(servers.map((server) => Listening.to(server, person.token)))),
  );
  streams.push(...(ofSam ?? []), ...(ofKim ?? []));
  await operator('token', 'revoke', '--account', 'acme', '--person', 'sam');
  await atEach(statusAt(sam), 401);
  for (const stream of ofSam ?? []) await expect.poll(() => stream.hasEnded, PATIENCE).toBe(true);
  await atEach(statusAt(kim), 200);
  expect(ofKim?.map(({ hasEnded }) => hasEnded)).toEqual([false, false, false]);
  // Its host signs it another token, in the next second at the earliest: "iat" counts in seconds.
  await expect
    .poll(async () => (await (await FleetPerson.of('sam', 'berlin')).ask(one ?? stubborn, '/v1/me')).status, {
      timeout: 15 * SECOND_MS,
      interval: 100,
    })
    .toBe(200);
  // A server that starts later knows it from the beginning.
  const late = await startInProcess(environment);
  expect((await sam.ask(late, '/v1/me')).status).toBe(401);
  await late.close();
  await operator('token', 'revoke', '--account', 'acme');
  await atEach(statusAt(kim), 401);
  for (const stream of ofKim ?? []) await expect.poll(() => stream.hasEnded, PATIENCE).toBe(true);
}, 60_000);
