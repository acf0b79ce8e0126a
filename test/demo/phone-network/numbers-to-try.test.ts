import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { programOf, SERVICES } from '../../../demo/phone-network/calls/dial-plan.ts';
import { allow, FakeGateServer, refuse } from '../../support/fake-gate-server.ts';
import { RawSipClient } from '../../support/raw-sip-client.ts';
import { sampleOffer } from '../../support/sample-session-description.ts';
import { type EmbeddedEdge, startEmbeddedEdge } from './start-embedded-edge.ts';

describe('the numbers of the network', () => {
  const gate = new FakeGateServer();
  let edge: EmbeddedEdge;
  let client: RawSipClient;
  let count = 0;

  beforeAll(async () => {
    await gate.start();
    edge = await startEmbeddedEdge(gate);
  });
  afterAll(async () => {
    await edge.stop();
    await gate.stop();
  });
  beforeEach(async () => {
    gate.script = () => allow();
    client = await openClient();
  });

  async function openClient(user?: string): Promise<RawSipClient> {
    count += 1;
    const { sipUrl: url, domain, sipSecret: secret } = edge;
    const opened = new RawSipClient({ url, domain, user: user ?? `try.user${count}`, secret });
    await opened.open();
    expect((await opened.register()).status).toBe(200);
    return opened;
  }

  const scripted = (callId: string) => {
    gate.script = (request) => (request.direction === 'outbound' ? allow({ callId }) : allow());
  };

  test.each(['600', '601', '606', '607'])('%s answers at once', async (number) => {
    const dialog = client.invite(number);
    expect((await dialog.final(1_000)).status).toBe(200);
    await dialog.ask('BYE');
  });

  test('604 rings, then declines', async () => {
    scripted('try-call-604');
    expect((await client.invite('604').final()).status).toBe(603);
    expect(client.received.some(({ status }) => status === 180)).toBe(true);
    expect((await gate.ended('try-call-604')).reason).toBe('declined');
  });

  test('605 rings three seconds and answers', async () => {
    const dialog = client.invite('605');
    const ringing = await client.until(({ status }) => status === 180);
    const answer = await dialog.final();
    expect(answer.atMs - ringing.atMs).toBeGreaterThan(2_900);
    await dialog.ask('BYE');
  });

  test('any number of the world rings two seconds and answers', async () => {
    const dialog = client.invite('+4915112345678');
    const ringing = await client.until(({ status }) => status === 180);
    const answer = await dialog.final();
    expect(answer.status).toBe(200);
    expect(answer.atMs - ringing.atMs).toBeGreaterThan(1_900);
    await dialog.ask('BYE');
  });

  test('607 hangs up and calls back from its own number', async () => {
    const dialog = client.invite('607');
    await dialog.final();
    await dialog.bye();
    const { invite } = await client.incoming();
    expect(invite.header('from')).toContain('<sip:607@');
    expect(invite.header('x-call-id')).toMatch(/^call-/);
  });

  test.each(['112', '911', '999', '110', '08', '17'])('%s: the demo does not pretend to reach help', async (number) => {
    scripted(`try-call-help-${number}`);
    const answer = await client.invite(number).final();
    expect([answer.status, answer.phrase]).toEqual([503, 'This demo has no emergency service']);
    const ended = await gate.ended(`try-call-help-${number}`);
    expect([ended.reason, ended.durationMs]).toEqual(['unreachable', null]);
  });

  test('a number that nobody has is 404', async () => {
    expect((await client.invite('4711').final()).status).toBe(404);
    expect((await client.invite('hello').final()).status).toBe(404);
  });

  test('an extension whose widget is away is 480', async () => {
    gate.script = (request) => (request.direction === 'outbound' ? allow({ routeToUser: 'try.nobody' }) : allow());
    expect((await client.invite('2002').final()).status).toBe(480);
  });

  test('every open tab rings; the first that answers has the call, the others stop', async () => {
    const other = await openClient(client.user);
    client.manners.inviteAnswer = null;
    other.manners.inviteAnswer = null;
    await edge.network.callUser(client.user, { from: '+442079460000' });
    const [{ invite }, { invite: otherInvite }] = [await client.incoming(), await other.incoming()];
    expect(invite.header('x-call-id')).toBe(otherInvite.header('x-call-id'));
    client.answer(invite, 180);
    other.answer(otherInvite, 180);
    client.answer(invite, 200, { body: sampleOffer().replace('actpass', 'active') });
    const cancel = await other.until(({ method }) => method === 'CANCEL');
    expect(cancel.header('reason')).toContain('answered elsewhere');
    await client.until(({ method }) => method === 'ACK');
  });

  test('declining on one tab declines for the person', async () => {
    const other = await openClient(client.user);
    client.manners.inviteAnswer = 603;
    other.manners.inviteAnswer = null;
    scripted('unused');
    const result = await edge.network.callUser(client.user, { from: '+442079460000' });
    await other.incoming();
    if (result.outcome !== 'ringing') throw new Error(result.outcome);
    expect((await gate.ended(result.callId)).reason).toBe('declined');
  });

  test('F-10: a caller from outside only learns that it does not work', async () => {
    gate.script = () => refuse('no_credit');
    expect(await edge.network.callUser(client.user, { from: '+1' })).toMatchObject({ outcome: 'refused' });
    expect(await edge.network.callUser('try.nobody', { from: '+1' })).toEqual({ outcome: 'not_registered' });
  });

  test('hold passes from widget to widget, and so do keys by INFO', async () => {
    const callee = await openClient();
    gate.script = (request) => (request.direction === 'outbound' ? allow({ routeToUser: callee.user }) : allow());
    const dialog = client.invite('2001');
    expect((await dialog.final()).status).toBe(200);
    // An INVITE in one breath with the ACK gets 500 (RFC 5407 section 3.1.1): let the ACK arrive.
    expect((await dialog.ask('OPTIONS')).status).toBe(200);
    const held = dialog.ask('INVITE', { body: sampleOffer('sendonly') });
    const reinvite = await callee.until(({ method, body }) => method === 'INVITE' && body.includes('a=sendonly'));
    expect(reinvite.body).toBe(sampleOffer('sendonly'));
    expect((await held).status).toBe(200);
    expect((await dialog.ask('INFO', { body: 'Signal=5\r\nDuration=160\r\n' })).status).toBe(200);
    expect((await callee.until(({ method }) => method === 'INFO')).body).toContain('Signal=5');
    await dialog.ask('BYE');
  });

  test('every service has a line for the demo page', () => {
    expect(Object.keys(SERVICES)).toEqual(['600', '601', '602', '603', '604', '605', '606', '607']);
    for (const { title } of Object.values(SERVICES)) expect(title).not.toBe('');
    expect(programOf('toString')).toBe(programOf('4711'));
  });
});

describe('the door of the network', () => {
  const gate = new FakeGateServer();
  let edge: EmbeddedEdge;

  beforeAll(async () => {
    await gate.start();
    edge = await startEmbeddedEdge(gate, { allowedOrigins: ['https://crm.example'], maxConnections: 2, maxCalls: 1 });
  });
  afterAll(async () => {
    await edge.stop();
    await gate.stop();
  });

  const client = (origin?: string) => {
    const { sipUrl: url, domain, sipSecret: secret } = edge;
    const headers = origin === undefined ? {} : { origin };
    return new RawSipClient({ url, domain, user: 'door.user', secret, headers });
  };

  test('only pages of the list may open the WebSocket', async () => {
    await expect(client('https://evil.example').open()).rejects.toThrow('403');
    const guest = await client('https://crm.example').open();
    guest.kill();
  });

  test('strangers who never register keep no phone out', async () => {
    const strangers = [await client().open(), await client().open()];
    const phones = [await client().open(), await client().open()];
    await Promise.all(strangers.map((stranger) => stranger.untilClosed()));
    for (const phone of phones) {
      expect((await phone.register()).status).toBe(200);
      phone.kill();
    }
    await expect.poll(() => edge.network.stats.registrations).toBe(0);
  });

  test('connections and calls have a limit', async () => {
    const [one, two] = [await client().open(), await client().open()];
    for (const phone of [one, two]) expect((await phone.register()).status).toBe(200);
    await expect(client().open()).rejects.toThrow('503');
    gate.script = () => allow();
    const dialog = one.invite('600');
    expect((await dialog.final()).status).toBe(200);
    expect((await one.invite('600').final()).status).toBe(503);
    await dialog.ask('BYE');
    one.kill();
    two.kill();
  });
});
