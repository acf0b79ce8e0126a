/**
 * Somebody with a valid token and a SIP client of his own tries to talk without paying: against the whole running demo, with the
 * real gate, the real edge and the real ledger. Everything he may do costs exactly what he talked.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID } from '../../demo/host/people.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { RawSipClient } from '../support/raw-sip-client.ts';
import type { RawDialog } from '../support/raw-sip-dialog.ts';
import { sampleOffer } from '../support/sample-session-description.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { callFacts, chargeOf, ledgerFaults } from './ledger-facts.ts';
import { leaveCredit, type PersonApi, personApi } from './person-api.ts';

const SIP_SECRET = 'the-sip-secret-of-this-flow-0123456789';
const GRANT_SECONDS = 2;
/** Connection fee 0.05, then a cent a second: 0.12 pays for seven seconds of the echo, 0.06 for one. */
const SEVEN_SECONDS_MICROS = 120_000;
const ONE_CALL_MICROS = 60_000;
const LEASE_SECONDS = 7;

let server: DemoServer;
let sam: PersonApi;
let dana: PersonApi;
let mia: PersonApi;
const clients: RawSipClient[] = [];

beforeAll(async () => {
  server = await startDemoServer(
    { SIP_SECRET, PERSON_REQUESTS_PER_SECOND: '1000', ADDRESS_REQUESTS_PER_SECOND: '1000' },
    {
      calls: { leaseSeconds: 6, renewBeforeSeconds: 3, grantSeconds: GRANT_SECONDS, reapAfterSeconds: 2 },
      caps: { agentCallsAtOnce: null },
    },
  );
  [sam, dana, mia] = await Promise.all([
    personApi(server.url, 'sam'),
    personApi(server.url, 'dana'),
    personApi(server.url, 'mia'),
  ]);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(() => server?.close());

async function cheater(personId = 'sam'): Promise<RawSipClient> {
  const client = new RawSipClient({
    url: `${server.url.replace('http', 'ws')}/sip`,
    domain: 'phone.invalid',
    user: sipUserOf({ accountId: ACCOUNT_ID, personId }),
    secret: SIP_SECRET,
    validSeconds: 300,
  });
  clients.push(client);
  await client.open();
  expect((await client.register()).status).toBe(200);
  return client;
}

async function refusedWith(dialog: RawDialog, code: string): Promise<void> {
  const answer = await dialog.final();
  expect({ status: answer.status, code: answer.header('x-refusal') }).toEqual({ status: 402, code });
  // Words that a person can read on a desk phone, not a code.
  expect(answer.phrase).toMatch(/^[A-Z][a-z]+ [a-z' ]+/);
}

function statusOf(callId: string): string | undefined {
  return callFacts(server.dataFile, callId)?.status;
}

describe('S-02: a call grant', () => {
  test('an INVITE without one is refused with 402 and a readable reason', async () => {
    await refusedWith((await cheater()).invite('600', { grant: null }), 'grant_missing');
  });

  test('one that was made up is refused', async () => {
    const { grant } = await sam.authorize('600');
    const [head, , signature] = grant.split('.');
    const claims = Buffer.from(JSON.stringify({ jti: randomUUID(), num: '600', exp: 9_999_999_999 })).toString(
      'base64url',
    );
    const client = await cheater();
    await refusedWith(client.invite('600', { grant: `${head}.${claims}.${signature}` }), 'grant_invalid');
    await refusedWith(client.invite('600', { grant: 'nonsense' }), 'grant_invalid');
  });

  test('works once: used again during the call and after it, it is refused', async () => {
    const client = await cheater();
    const { grant, callId } = await sam.authorize('600');
    const first = client.invite('600', { grant });
    expect((await first.final()).status).toBe(200);
    await refusedWith(client.invite('600', { grant }), 'grant_used');
    expect((await first.ask('BYE')).status).toBe(200);
    await expect.poll(() => statusOf(callId)).toBe('settled');
    await refusedWith(client.invite('600', { grant }), 'grant_used');
    expect(chargeOf(server.dataFile, callId)).toMatchObject({ captures: 1 });
  });

  test('for one number does not open another, least of all a dearer one', async () => {
    const client = await cheater();
    const { grant } = await sam.authorize('600');
    await refusedWith(client.invite('609', { grant }), 'grant_mismatch');
    await refusedWith(client.invite('+491713920031', { grant }), 'grant_mismatch');
  });

  test('of another person is refused, and so is calling under her address', async () => {
    const { grant } = await dana.authorize('600');
    const client = await cheater();
    await refusedWith(client.invite('600', { grant }), 'grant_mismatch');
    const from = sipUserOf({ accountId: ACCOUNT_ID, personId: 'dana' });
    expect((await client.invite('600', { grant, from }).final()).status).toBe(403);
  });

  test('that was kept too long is refused, and what was held for it is given back', async () => {
    const client = await cheater();
    const { grant, callId } = await sam.authorize('600');
    await pause((GRANT_SECONDS + 1) * 1000);
    await refusedWith(client.invite('600', { grant }), 'grant_expired');
    await expect.poll(() => statusOf(callId)).toBe('released');
    expect(chargeOf(server.dataFile, callId)).toEqual({ takenMicros: 0, captures: 0 });
  });
});

describe('F-09: a lease', () => {
  test('is prolonged by no re-INVITE, UPDATE or INFO, by no late ACK and no deafness for BYE', async () => {
    await leaveCredit(server.url, { agent: 'sam', admin: 'dana', amountMicros: SEVEN_SECONDS_MICROS });
    const client = await cheater();
    client.manners.ackDelayMs = 3_000;
    client.manners.answersRequests = false;
    const { grant, callId } = await sam.authorize('600');
    const dialog = client.invite('600', { grant });
    const answer = await dialog.final();
    expect(answer.status).toBe(200);
    const untilBye = dialog.bye(12_000);
    const spam = setInterval(() => {
      dialog.send('INVITE', { body: sampleOffer() });
      dialog.send('UPDATE', { extra: ['Session-Expires: 3600;refresher=uac'] });
      dialog.send('INFO');
    }, 250);
    const bye = await untilBye;
    clearInterval(spam);
    const talkedMs = bye.atMs - answer.atMs;
    console.log(`lease of ${LEASE_SECONDS} s: BYE after ${Math.round(talkedMs)} ms`);
    expect(talkedMs).toBeGreaterThan(LEASE_SECONDS * 1000 - 200);
    expect(talkedMs).toBeLessThan(LEASE_SECONDS * 1000 + 1_000);
    expect(bye.header('reason')).toMatch(/cause=102/);
    // He answers no BYE; the edge has reported the end all the same, and in time.
    await expect.poll(() => statusOf(callId), { timeout: 2_000 }).toBe('settled');
    expect(callFacts(server.dataFile, callId)).toMatchObject({
      endReason: 'credit_exhausted',
      durationSeconds: LEASE_SECONDS,
      costMicros: SEVEN_SECONDS_MICROS,
    });
    expect(chargeOf(server.dataFile, callId)).toEqual({ takenMicros: SEVEN_SECONDS_MICROS, captures: 1 });
  });
});

describe('S-02: the money for one call', () => {
  test('admits one of thirty that are asked for at the same moment', async () => {
    await leaveCredit(server.url, { agent: 'sam', admin: 'dana', amountMicros: ONE_CALL_MICROS });
    const answers = await Promise.all(Array.from({ length: 30 }, () => sam.tryToCall('600')));
    const granted = answers.filter(({ status }) => status === 200);
    expect(granted).toHaveLength(1);
    const codes = new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.code));
    expect([...codes]).toEqual(['credit_held']);
    const callId = String(granted[0]?.body.callId);
    expect((await sam.ask('POST', `/v1/calls/${callId}/release`)).status).toBe(200);
    expect((await sam.ask('GET', '/v1/balance')).body).toMatchObject({
      availableMicros: ONE_CALL_MICROS,
      heldMicros: 0,
    });
  });
});

describe("F-05, D-03, D-12: an agent's token", () => {
  test('adds no credit, buys no number and pauses nobody', async () => {
    const before = (await sam.ask('GET', '/v1/balance')).body;
    const tries = await Promise.all([
      sam.ask('POST', '/v1/play-credit', { creditId: randomUUID(), amountMicros: 5_000_000 }),
      sam.ask('POST', `/v1/numbers/${encodeURIComponent('+14155550100')}/purchase`, { purchaseId: randomUUID() }),
      sam.ask('PUT', '/v1/pause', { isPaused: true }),
    ]);
    expect(tries.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(3).fill('403 role_forbidden'));
    expect((await sam.ask('GET', '/v1/balance')).body).toEqual(before);
  });

  test("neither sees nor ends another office's call", async () => {
    const { callId } = await sam.authorize('600');
    const own = await sam.ask('GET', `/v1/calls/${callId}`);
    expect(own.body).toMatchObject({ callId, status: 'authorized' });
    const foreign = await Promise.all([
      mia.ask('GET', `/v1/calls/${callId}`),
      mia.ask('POST', `/v1/calls/${callId}/release`),
      mia.ask('POST', `/v1/calls/${callId}/renew`, { renewalIndex: 1 }),
    ]);
    expect(foreign.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(3).fill('404 call_unknown'));
    expect(await mia.ask('POST', `/v1/calls/${callId}/authorize`, { to: '600', callerNumber: null })).toMatchObject({
      status: 409,
      body: { code: 'id_reused' },
    });
    expect(statusOf(callId)).toBe('authorized');
    await sam.ask('POST', `/v1/calls/${callId}/release`);
  });

  test('does not speak for the SIP edge', async () => {
    const answers = await Promise.all([
      sam.ask('POST', '/edge/v1/calls/12345678-cheat/ended', {
        accountId: 'acme',
        edgeId: 'embedded',
        happenedAgoMs: 0,
        durationMs: 0,
        reason: 'hung_up',
      }),
      sam.ask('POST', '/edge/v1/admissions', {}),
    ]);
    expect(answers.map(({ body }) => body.code)).toEqual(['edge_forbidden', 'edge_forbidden']);
  });
});

test('after all that the ledger adds up and nothing is held', async () => {
  await expect.poll(() => ledgerFaults(server.dataFile), { timeout: 10_000 }).toEqual([]);
});
