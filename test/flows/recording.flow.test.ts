/**
 * F-07 from key to bill: a SIP client presses star and one in calls of the running demo. The recording is held for minute by minute, is a
 * line of its own in call and statement, and does not begin when the credit does not cover it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID } from '../../demo/host/people.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { RawSipClient } from '../support/raw-sip-client.ts';
import type { RawDialog } from '../support/raw-sip-dialog.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { ledgerFaults } from './ledger-facts.ts';
import { leaveCredit, type PersonApi, personApi } from './person-api.ts';

const SIP_SECRET = 'the-sip-secret-of-this-flow-0123456789';
/** Six seconds of the melody, the first block and the least that a call of it can cost. */
const FIRST_BLOCK_MICROS = 30_000;
/** One minute of recording, by the sample rates. */
const RECORDED_MINUTE_MICROS = 2_500;

let server: DemoServer;
let sam: PersonApi;
let dana: PersonApi;
let client: RawSipClient;

beforeAll(async () => {
  server = await startDemoServer(
    { SIP_SECRET, LOG_LEVEL: 'debug' },
    { calls: { leaseSeconds: 6, renewBeforeSeconds: 3 } },
  );
  [sam, dana] = await Promise.all([personApi(server.url, 'sam'), personApi(server.url, 'dana')]);
  client = new RawSipClient({
    url: `${server.url.replace('http', 'ws')}/sip`,
    domain: 'phone.invalid',
    user: sipUserOf({ accountId: ACCOUNT_ID, personId: 'sam' }),
    secret: SIP_SECRET,
    validSeconds: 300,
  });
  await client.open();
  expect((await client.register()).status).toBe(200);
});

afterEach(() => expect.poll(() => ledgerFaults(server.dataFile), { timeout: 10_000 }).toEqual([]));

afterAll(async () => {
  client?.close();
  await server?.close();
});

async function call(): Promise<{ readonly dialog: RawDialog; readonly callId: string }> {
  const { grant, callId } = await sam.authorize('601');
  const dialog = client.invite('601', { grant });
  expect((await dialog.final()).status).toBe(200);
  return { dialog, callId };
}

async function press(dialog: RawDialog, keys: string): Promise<void> {
  for (const key of keys) {
    expect((await dialog.ask('INFO', { body: `Signal=${key}\r\nDuration=160\r\n` })).status).toBe(200);
  }
}

const heldMicros = async () => (await sam.ask('GET', '/v1/balance')).body.heldMicros;

/** What the call cost, part by part, as soon as there are so many parts. */
async function partsOf(callId: string, count: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const read = async () => {
    const { body } = await sam.ask('GET', `/v1/calls/${callId}`);
    // By the contract a list, once the call had extras.
    return (body.lines ?? []) as readonly Readonly<Record<string, unknown>>[];
  };
  await expect.poll(async () => (await read()).length, { timeout: 10_000 }).toBe(count);
  return await read();
}

describe('F-07: star and one in a call', () => {
  test('begins a recording that is held for, charged by begun minutes, and a line of its own', async () => {
    const { dialog, callId } = await call();
    const withoutMicros = await heldMicros();
    await press(dialog, '1*2');
    expect(await heldMicros()).toBe(withoutMicros);
    await press(dialog, '*1');
    await expect.poll(heldMicros).toBe(FIRST_BLOCK_MICROS + RECORDED_MINUTE_MICROS);
    // Held is not yet begun: the network has to hear of it. It has, when the answer was sent and another key was heard.
    await expect.poll(server.output).toContain(`/edge/v1/calls/${callId}/extras`);
    await press(dialog, '55');
    expect((await dialog.ask('BYE')).status).toBe(200);
    const parts = await partsOf(callId, 2);
    expect(parts.map(({ kind, unit, units, costMicros }) => [kind, unit, units, costMicros])).toEqual([
      ['call', 'second', expect.any(Number), FIRST_BLOCK_MICROS],
      ['recording', 'minute', 1, RECORDED_MINUTE_MICROS],
    ]);
    const { body } = await dana.ask('GET', '/v1/statement/lines');
    expect(body.lines).toMatchObject([
      { title: 'Recording', amountMicros: -RECORDED_MINUTE_MICROS, personId: 'sam' },
      { title: 'Outbound Local Call', amountMicros: -FIRST_BLOCK_MICROS, personId: 'sam' },
      { title: 'Added Credit' },
    ]);
  });

  test('pressed while the credit does not cover it, nothing begins and nothing is charged for it', async () => {
    await leaveCredit(server.url, { agent: 'sam', admin: 'dana', amountMicros: FIRST_BLOCK_MICROS });
    const { dialog, callId } = await call();
    await press(dialog, '*1');
    const asked = `/edge/v1/calls/${callId}/extras`;
    await expect.poll(server.output).toContain(asked);
    expect(await heldMicros()).toBe(FIRST_BLOCK_MICROS);
    expect((await dialog.ask('BYE')).status).toBe(200);
    await expect.poll(async () => (await sam.ask('GET', `/v1/calls/${callId}`)).body.status).toBe('settled');
    expect(await partsOf(callId, 0)).toEqual([]);
    expect((await sam.ask('GET', '/v1/balance')).body).toMatchObject({ balanceMicros: 0, heldMicros: 0 });
  });
});
