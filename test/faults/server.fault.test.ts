/**
 * A whole server on a PostgreSQL that is not there when it starts, is restarted, killed, and fails over to its standby, while calls run
 * and people ask for more.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { createOperatorProgram } from '../../server/operator/operator-program.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { FaultEdge } from '../support/fault-edge.ts';
import { FaultPostgres } from '../support/fault-postgres.ts';
import { faultRounds, report } from '../support/fault-table.ts';
import { AUDIENCE, EDGE_SECRET, ISSUER, TOKEN_SECRET } from '../support/gate-fixture.ts';
import { ledgerFaults } from '../support/ledger-invariants.ts';
import { homeToken } from '../support/server-home.ts';

const NUMBER = '+4915123456789';
/** 0.01 a second, to the second: costs are easy to follow. */
const RATES = 'prefix,destination,price,increments\n49,Germany,0.60,1/1\n';
const MICROS_PER_SECOND = 10_000;
const CREDIT_MICROS = 500_000_000;
/** Long enough for every outage here, short enough that each call is renewed after each of them. */
const CALL_POLICY = { leaseSeconds: 20, renewBeforeSeconds: 15, reapAfterSeconds: 5 };
const CALLS = 8;
/** Nobody waits longer for a refusal, whatever is wrong. */
const LONGEST_ANSWER_MS = 12_000;
/** From the database being there again to the first request that is served. */
const LONGEST_RECOVERY_MS = 10_000;

let folder: string;
let postgres: FaultPostgres;
let edge: FaultEdge;
let server: RunningServer;
let token: string;
const lines: { readonly level: string; readonly msg: string; readonly url?: string; readonly cause?: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-fault-server-'));
  writeFileSync(join(folder, 'rates.csv'), RATES);
  const policy = { calls: CALL_POLICY, caps: { agentCallsAtOnce: null } };
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  postgres = await FaultPostgres.start();
  edge = new FaultEdge({ secret: EDGE_SECRET, number: NUMBER });
  await edge.open();
  token = await homeToken({ personId: 'sam', officeId: 'berlin', role: 'billing' });
});
afterAll(async () => {
  await server?.close();
  edge.close();
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: postgres.url,
    POLICY_FILE: join(folder, 'policy.json'),
    EDGES: edge.address,
    TOKEN_SECRET,
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: AUDIENCE,
    EDGE_SECRET,
    SIP_SECRET: 'a-secret-for-sip-passwords-0123456789',
    GRANT_SECRET: 'a-secret-for-call-grants-0123456789',
    PERSON_REQUESTS_PER_SECOND: '1000000',
    ADDRESS_REQUESTS_PER_SECOND: '1000000',
  };
}

async function operator(...words: readonly string[]): Promise<void> {
  const context = { environment: environment(), print: () => undefined, setExitCode: () => undefined };
  await createOperatorProgram(context).parseAsync(words, { from: 'user' });
}

async function seed(): Promise<void> {
  await operator('accounts', 'create', '--id', 'acme', '--name', 'Acme', '--currency', 'USD', '--time-zone', 'UTC');
  const office = ['--account', 'acme', '--id', 'berlin', '--name', 'Berlin', '--country', 'DE', '--time-zone', 'UTC'];
  await operator('offices', 'create', ...office);
  await operator('rates', 'import', join(folder, 'rates.csv'));
  const credit = [
    '--office',
    'berlin',
    '--amount',
    String(CREDIT_MICROS / 1_000_000),
    '--note',
    'seed',
    '--id',
    'seed',
  ];
  await operator('credit', 'add', ...credit);
}

function authorize(callId: string): Promise<Response> {
  return fetch(`${server.url}/v1/calls/${callId}/authorize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: NUMBER, callerNumber: null }),
  });
}

/** People who ask for calls all the time; each call that was authorized is released again, or left to expire. */
class Callers {
  longestAnswerMs = 0;
  refusedCount = 0;
  /** The longest time in which nobody was served. */
  longestOutageMs = 0;
  #servedAtMs = performance.now();
  #isStopping = false;
  readonly #work: Promise<void>;

  constructor() {
    this.#work = this.#call();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#work;
  }

  /** How long until somebody was served. */
  async untilServed(): Promise<number> {
    const beganMs = performance.now();
    while (this.#servedAtMs < beganMs) await delay(20);
    return this.#servedAtMs - beganMs;
  }

  async #call(): Promise<void> {
    while (!this.#isStopping) {
      const askedMs = performance.now();
      const response = await authorize(randomUUID());
      const problem = await response.json();
      this.longestAnswerMs = Math.max(this.longestAnswerMs, performance.now() - askedMs);
      if (response.status === 200) {
        this.longestOutageMs = Math.max(this.longestOutageMs, performance.now() - this.#servedAtMs);
        this.#servedAtMs = performance.now();
      } else {
        expect([response.status, response.headers.get('retry-after'), problem.code]).toEqual([503, '2', 'unavailable']);
        this.refusedCount += 1;
      }
      edge.watch();
      await delay(100);
    }
  }
}

/** Lets `strike` happen, and waits until people are served and every running call was renewed by a database that is there again. */
async function survive(fault: string, strike: () => Promise<void>): Promise<void> {
  const callers = new Callers();
  await callers.untilServed();
  await strike();
  const recoveryMs = await callers.untilServed();
  const before = new Map([...edge.calls.values()].map(({ callId, renewalCount }) => [callId, renewalCount]));
  await expect
    .poll(() => [...edge.calls.values()].every((call) => call.renewalCount > (before.get(call.callId) ?? 0)), {
      timeout: 30_000,
    })
    .toBe(true);
  await callers.stop();
  const row = { acknowledged: edge.calls.size, lost: edge.cut.length, doubled: 0, rounds: 1 };
  report({ ...row, fault: `running calls: ${fault}`, longestOutageMs: callers.longestOutageMs });
  expect(edge.cut).toEqual([]);
  expect(callers.longestAnswerMs).toBeLessThan(LONGEST_ANSWER_MS);
  expect(recoveryMs).toBeLessThan(LONGEST_RECOVERY_MS);
}

describe.sequential('a server on PostgreSQL', () => {
  test('starts without it, says so without the password, and serves when it is there', async () => {
    await postgres.server.stop();
    await postgres.proxy.close();
    const config = readConfig(environment());
    const logger = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) });
    const started = startServer(config, { logger, prepare: seed });
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    const url = lines[0]?.url ?? '';
    expect(lines[0]).toMatchObject({ level: 'warn', cause: expect.stringContaining('connection refused') });
    const ready = await fetch(`${url}/readyz`);
    const { detail } = await ready.json();
    expect([ready.status, detail]).toEqual([503, expect.stringContaining(`127.0.0.1:${postgres.proxy.port}/postgres`)]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await postgres.proxy.open();
    await postgres.startAgain();
    server = await started;
    edge.serve(server.url);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await authorize(randomUUID())).status).toBe(200);
    expect(JSON.stringify([lines, detail])).not.toContain('only-on-this-machine');
  });

  test('running calls go on while it is restarted, killed, and replaced by its standby', {
    timeout: 120_000 + faultRounds(1) * 30_000,
  }, async () => {
    const callIds = Array.from({ length: CALLS }, () => randomUUID());
    for (const callId of callIds) {
      const { grant } = await (await authorize(callId)).json();
      await edge.answer({ callId, grant, personId: 'sam' });
    }
    const standbys: FaultPostgres[] = [];
    try {
      await survive('PostgreSQL restarted, with a standby now', async () => {
        standbys.push(await postgres.addStandby({ isSynchronous: true }));
      });
      // The failover begins with the same; on its own where there is time.
      for (let round = 1; round < faultRounds(1); round += 1) {
        await survive('PostgreSQL kill -9', async () => {
          await postgres.server.kill();
          await delay(500);
          await postgres.startAgain();
        });
      }
      await survive('failover to the standby', async () => {
        await postgres.server.kill();
        for (const standby of standbys) {
          await standby.promote();
          postgres.proxy.leadTo(standby.server.port);
        }
      });
      await survive('its connections lead nowhere any more', async () => postgres.proxy.strand());
      await settledOnce(callIds);
    } finally {
      await server.close();
      await Promise.all(standbys.map((standby) => standby.remove()));
    }
  });
});

/** Hangs all calls up; each is charged once, for what it talked, and nothing is held for it any more. */
async function settledOnce(callIds: readonly string[]): Promise<void> {
  for (const callId of callIds) {
    const durationMs = await edge.hangUp(callId);
    const entries = await server.store.db
      .selectFrom('entry')
      .selectAll()
      .where('accountId', '=', 'acme')
      .where('reference', '=', callId)
      .where('ledgerAccount', '=', 'wallet')
      .execute();
    expect(entries.map(({ amountMicros }) => -amountMicros)).toEqual([
      Math.ceil(durationMs / 1_000) * MICROS_PER_SECOND,
    ]);
  }
  expect(await ledgerFaults(server.store)).toEqual([]);
}
