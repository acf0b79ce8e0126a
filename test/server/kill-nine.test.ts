/**
 * A real server process under load over HTTP, killed with SIGKILL at random moments and started again on the same file: what it
 * acknowledged is there, nothing is there twice, and the book adds up.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { EDGE_SECRET } from '../support/gate-fixture.ts';
import { ledgerFaults } from '../support/ledger-invariants.ts';
import { homeToken, makeServerHome, type ServerHome } from '../support/server-home.ts';

const KILLS = 20;
const CLIENTS = 24;
/** The process lives this long under load, more or less, before it is killed. */
const LIFE_MS = { least: 150, most: 700 };
const OFFICES = ['berlin', 'austin', 'lagos'];
const SEED_MICROS = 20_000_000;
const TOP_UP_MICROS = 500_000;
const SERVER = fileURLToPath(new URL('../support/server-process.ts', import.meta.url));
const EDGE_ID = 'edge-1';

/** What the clients were told: the truth that the file has to agree with. */
interface Acknowledged {
  /** creditId -> office. */
  readonly credits: Map<string, string>;
  readonly authorized: Map<string, { readonly officeId: string; readonly heldMicros: number }>;
  /** callId -> duration in ms that the edge reported and the server confirmed. */
  readonly ended: Map<string, number>;
}

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

let home: ServerHome;
let running: Running | null = null;
const tokens: string[] = [];
const acknowledged: Acknowledged = { credits: new Map(), authorized: new Map(), ended: new Map() };

beforeAll(async () => {
  home = await makeServerHome({ offices: OFFICES, creditMicros: SEED_MICROS });
  for (let client = 0; client < CLIENTS; client += 1) {
    const officeId = OFFICES[client % OFFICES.length] ?? '';
    tokens.push(await homeToken({ personId: `person-${client}`, officeId, role: 'billing' }));
  }
});
afterAll(() => {
  running?.process.kill('SIGKILL');
  home.remove();
});

async function startProcess(): Promise<Running> {
  const child = spawn(process.execPath, [SERVER], {
    env: { ...process.env, ...home.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { process: child, url: String(line).trim() };
}

/** Null when nobody answered: whether it was done is not known. */
async function post(
  path: string,
  more: { readonly url: string; readonly bearer: string; readonly body: unknown },
): Promise<Response | null> {
  try {
    const response = await fetch(`${more.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${more.bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(more.body),
    });
    await response.clone().arrayBuffer();
    return response;
  } catch {
    // Killed in the middle of the answer: the client knows nothing, which is the point of this test.
    return null;
  }
}

/** Calls until nobody answers any more. */
async function client(index: number, url: string): Promise<void> {
  const bearer = tokens[index] ?? '';
  const officeId = OFFICES[index % OFFICES.length] ?? '';
  for (;;) {
    const callId = randomUUID();
    const authorized = await post(`/v1/calls/${callId}/authorize`, {
      url,
      bearer,
      body: { to: '+4915123456789', callerNumber: null },
    });
    if (authorized === null) return;
    if (authorized.status === 402) {
      if (!(await addCredit(officeId, { url, bearer }))) return;
      continue;
    }
    if (authorized.status !== 200)
      throw new Error(`authorize answered ${authorized.status}: ${await authorized.text()}`);
    const { lease, grant } = await authorized.json();
    acknowledged.authorized.set(callId, { officeId, heldMicros: lease.heldMicros });
    if (!(await runCall({ callId, grant, url, personId: `person-${index}` }))) return;
  }
}

async function addCredit(
  officeId: string,
  { url, bearer }: { readonly url: string; readonly bearer: string },
): Promise<boolean> {
  const creditId = randomUUID();
  const response = await post('/v1/play-credit', { url, bearer, body: { creditId, amountMicros: TOP_UP_MICROS } });
  if (response?.status === 200) acknowledged.credits.set(creditId, officeId);
  else if (response) throw new Error(`play-credit answered ${response.status}: ${await response.text()}`);
  return response !== null;
}

interface EdgeCall {
  readonly callId: string;
  readonly grant: string;
  readonly url: string;
  readonly personId: string;
}

/** The edge's part: admitted, answered, ended; each report twice, as an edge that is not sure repeats itself. */
async function runCall({ callId, grant, url, personId }: EdgeCall): Promise<boolean> {
  const tell = (path: string, body: object) =>
    post(`/edge/v1/${path}`, { url, bearer: EDGE_SECRET, body: { accountId: 'acme', edgeId: EDGE_ID, ...body } });
  const invite = {
    direction: 'outbound',
    sipCallId: `sip-${callId}`,
    callerUser: sipUserOf({ accountId: 'acme', personId }),
    calledNumber: '+4915123456789',
    grant,
  };
  const admission = await tell('admissions', invite);
  if (admission === null) return false;
  const answer = await admission.json();
  if (answer.decision !== 'allow') throw new Error(`The grant of ${callId} was refused: ${JSON.stringify(answer)}`);
  if ((await tell(`calls/${callId}/answered`, { happenedAgoMs: 0 })) === null) return false;
  const durationMs = 1_000 * (1 + Math.floor(Math.random() * 50));
  const report = { happenedAgoMs: 0, durationMs, reason: 'hung_up' };
  for (let times = 0; times < 2; times += 1) {
    const ended = await tell(`calls/${callId}/ended`, report);
    if (ended === null) return false;
    if (ended.status === 200) acknowledged.ended.set(callId, durationMs);
    else throw new Error(`ended answered ${ended.status}: ${await ended.text()}`);
  }
  return true;
}

async function liveAndDie(): Promise<void> {
  const own = await startProcess();
  running = own;
  const lifeMs = LIFE_MS.least + Math.random() * (LIFE_MS.most - LIFE_MS.least);
  const killed = new Promise<void>((resolve) => {
    setTimeout(() => {
      own.process.once('exit', () => resolve());
      own.process.kill('SIGKILL');
    }, lifeMs);
  });
  const clients = Array.from({ length: CLIENTS }, (_, index) => client(index, own.url));
  await Promise.all([killed, ...clients]);
}

test(`killed ${KILLS} times under load, it loses nothing that it acknowledged and does nothing twice`, {
  timeout: 300_000,
}, async () => {
  for (let kill = 0; kill < KILLS; kill += 1) await liveAndDie();
  const store = await home.openStore();
  try {
    expect(await ledgerFaults(store, { sqlitePath: home.dataFile })).toEqual([]);
    const calls = await store.db.selectFrom('call').selectAll().execute();
    const byId = new Map(calls.map((call) => [call.callId, call]));
    expect(byId.size).toBe(calls.length);
    expect([...acknowledged.authorized.keys()].filter((callId) => !byId.has(callId))).toEqual([]);
    const notSettled = [...acknowledged.ended.keys()].filter((callId) => byId.get(callId)?.status !== 'settled');
    expect(notSettled).toEqual([]);
    const entries = await store.db.selectFrom('entry').selectAll().where('line', '=', 0).execute();
    // Each top-up that was acknowledged stands in the book exactly once.
    for (const creditId of acknowledged.credits.keys()) {
      expect(
        entries.filter(({ operationId, reference }) => `${operationId} ${reference}`.includes(creditId)),
      ).toHaveLength(1);
    }
    // Each settled call was charged exactly once, and what stands in the book is what the call says it cost.
    for (const [callId] of acknowledged.ended) {
      const own = entries.filter(({ operationId, reference }) => `${operationId} ${reference}`.includes(callId));
      expect(own.map(({ amountMicros }) => -amountMicros)).toEqual([byId.get(callId)?.costMicros]);
    }
    expect(acknowledged.ended.size).toBeGreaterThan(KILLS);
    expect(acknowledged.authorized.size).toBeGreaterThan(acknowledged.ended.size);
  } finally {
    await store.close();
  }
});
