import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allow, FakeGateServer } from '../../support/fake-gate-server.ts';
import { RawSipClient } from '../../support/raw-sip-client.ts';
import { sampleOffer } from '../../support/sample-session-description.ts';
import { type EmbeddedEdge, startEmbeddedEdge } from './start-embedded-edge.ts';

const GRACE_MS = 700;

describe('a call whose WebSocket is lost', () => {
  const gate = new FakeGateServer();
  let edge: EmbeddedEdge;
  let count = 0;

  beforeAll(async () => {
    await gate.start();
    edge = await startEmbeddedEdge(gate, { graceMs: GRACE_MS });
  });
  afterAll(async () => {
    await edge.stop();
    await gate.stop();
  });

  async function registeredClient(): Promise<RawSipClient> {
    count += 1;
    const { sipUrl: url, domain, sipSecret: secret } = edge;
    const client = new RawSipClient({ url, domain, user: `lost.user${count}`, secret });
    await client.open();
    expect((await client.register()).status).toBe(200);
    return client;
  }

  async function talkingClient(leaseSeconds = 60) {
    const client = await registeredClient();
    const callId = `lost-call-${Date.now()}-${count}`;
    gate.script = () => allow({ callId, leaseSeconds });
    const dialog = client.invite('600');
    const answer = await dialog.final();
    expect(answer.status).toBe(200);
    return { client, dialog, callId, answer };
  }

  test('goes on when the same tab registers on another socket and sends an ICE restart', async () => {
    const { client, dialog, callId, answer } = await talkingClient();
    client.kill();
    await client.untilClosed();
    await client.open();
    expect((await client.register()).status).toBe(200);
    const restarted = await dialog.ask('INVITE', { body: sampleOffer('sendrecv', 'efgh') });
    expect(restarted.status).toBe(200);
    const fragmentOf = (text: string) => /a=ice-ufrag:(\S+)/.exec(text)?.[1];
    expect(fragmentOf(restarted.body)).toBeDefined();
    expect(fragmentOf(restarted.body)).not.toBe(fragmentOf(answer.body));
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS + 200));
    expect(gate.reports.some((report) => report.callId === callId && report.kind === 'ended')).toBe(false);
    expect((await dialog.ask('BYE')).status).toBe(200);
    const ended = await gate.ended(callId);
    expect(ended.reason).toBe('hung_up');
    expect(ended.durationMs).toBeGreaterThan(GRACE_MS);
  });

  test('is cut on the new socket when its lease ends', async () => {
    const { client, dialog, callId, answer } = await talkingClient(1);
    client.kill();
    await client.untilClosed();
    await client.open();
    await client.register();
    const bye = await dialog.bye();
    expect(Math.abs(bye.atMs - answer.atMs - 1000)).toBeLessThan(500);
    expect((await gate.ended(callId)).reason).toBe('lease_expired');
  });

  test('moves to the new socket also while the old one still seems to be open', async () => {
    const { client, dialog, callId } = await talkingClient();
    // The old socket stays behind half open, as after a change of network.
    await client.open();
    expect((await client.register()).status).toBe(200);
    expect((await dialog.ask('INVITE', { body: sampleOffer('sendrecv', 'ijkl') })).status).toBe(200);
    expect((await dialog.ask('BYE')).status).toBe(200);
    expect((await gate.ended(callId)).reason).toBe('hung_up');
  });

  test('ends as line_lost when nobody comes back', async () => {
    const { client, callId } = await talkingClient();
    client.kill();
    const ended = await gate.ended(callId);
    expect(ended.reason).toBe('line_lost');
    expect(Math.abs((ended.durationMs ?? 0) - GRACE_MS)).toBeLessThan(400);
  });

  test('ends at once while it is still ringing', async () => {
    const client = await registeredClient();
    const callId = `lost-call-${Date.now()}-ringing`;
    gate.script = () => allow({ callId });
    client.invite('603');
    await client.until(({ status }) => status === 180);
    client.kill();
    const ended = await gate.ended(callId, GRACE_MS - 100);
    expect([ended.reason, ended.durationMs]).toEqual(['line_lost', null]);
  });

  test('cannot be taken over by another user who knows its Call-ID', async () => {
    const { dialog, callId } = await talkingClient();
    const thief = await registeredClient();
    thief.sendText(dialog.text('BYE', { cseq: 50 }));
    expect((await thief.response(dialog.callId, 50)).status).toBe(481);
    expect(gate.reports.some((report) => report.callId === callId && report.kind === 'ended')).toBe(false);
    expect((await dialog.ask('BYE')).status).toBe(200);
  });

  test('leaves nothing behind', async () => {
    const before = edge.network.stats.calls;
    const { client, callId } = await talkingClient();
    client.kill();
    await gate.ended(callId);
    expect(edge.network.stats.calls).toBe(before);
    expect(edge.network.stats.unacknowledgedReports).toBeLessThanOrEqual(1);
  });
});
