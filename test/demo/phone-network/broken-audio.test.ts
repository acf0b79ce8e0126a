import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MediaLeg } from '../../../demo/phone-network/media/media-leg.ts';
import { allow, FakeGateServer } from '../../support/fake-gate-server.ts';
import { RawSipClient } from '../../support/raw-sip-client.ts';
import { sampleOffer } from '../../support/sample-session-description.ts';
import { type EmbeddedEdge, startEmbeddedEdge } from './start-embedded-edge.ts';

/** A backend whose first connections break as the answer arrives. */
class BreakingLeg implements MediaLeg {
  readonly telephoneEventType = null;
  onPacket: MediaLeg['onPacket'] = null;
  onFailed: MediaLeg['onFailed'] = null;
  offers = 0;
  readonly #failures: number;
  constructor(failures: number) {
    this.#failures = failures;
  }
  async answer(): Promise<string> {
    return sampleOffer();
  }
  async offer(): Promise<string> {
    this.offers += 1;
    return sampleOffer('sendrecv', `offer${this.offers}`);
  }
  accept(): void {
    if (this.offers <= this.#failures) this.onFailed?.();
  }
  send(): void {
    this.offers += 0;
  }
  echo(): void {
    this.offers += 0;
  }
  close(): void {
    this.onFailed = null;
  }
}

describe('audio that breaks while it is made', () => {
  const gate = new FakeGateServer();
  const legs: BreakingLeg[] = [];
  let failures = 0;
  let edge: EmbeddedEdge;
  let count = 0;

  beforeAll(async () => {
    await gate.start();
    const createLeg = () => {
      const leg = new BreakingLeg(failures);
      legs.push(leg);
      return leg;
    };
    edge = await startEmbeddedEdge(gate, { media: { createLeg } });
  });
  afterAll(async () => {
    await edge.stop();
    await gate.stop();
  });

  async function calledClient(howManyFail: number): Promise<RawSipClient> {
    failures = howManyFail;
    count += 1;
    const { sipUrl: url, domain, sipSecret: secret } = edge;
    const client = new RawSipClient({ url, domain, user: `broken.user${count}`, secret });
    await client.open();
    await client.register();
    gate.script = () => allow();
    await edge.network.callUser(client.user, { from: '+442079460000' });
    await client.until(({ method }) => method === 'ACK');
    return client;
  }

  const invitesOf = (client: RawSipClient) => client.received.filter(({ method }) => method === 'INVITE');

  test('is offered anew, with other ICE credentials', async () => {
    const client = await calledClient(1);
    await client.until(({ method, body }) => method === 'INVITE' && body.includes('a=ice-ufrag:offer2'));
    await client.until(({ method, header }) => method === 'ACK' && header('cseq') !== '1 ACK');
    expect(invitesOf(client)).toHaveLength(2);
    expect(client.received.some(({ method }) => method === 'BYE')).toBe(false);
  });

  test('is not offered for ever', async () => {
    const client = await calledClient(1_000);
    await client.until(({ body }) => body.includes('a=ice-ufrag:offer4'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(invitesOf(client)).toHaveLength(4);
  });

  test("an odd upgrade request is somebody else's, and does no harm", () => {
    const socket = new PassThrough();
    const request = Object.assign(new IncomingMessage(new Socket()), { url: '//' });
    expect(edge.network.handleUpgrade(request, { socket, head: Buffer.alloc(0) })).toBe(false);
    expect(socket.writableEnded).toBe(false);
  });
});
