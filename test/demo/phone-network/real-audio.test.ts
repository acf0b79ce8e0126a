import { randomBytes } from 'node:crypto';
import { Audio, PeerConnection, type Track } from 'node-datachannel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANSWER_TONES } from '../../../demo/phone-network/sound/answer-tones.ts';
import { fromMuLaw } from '../../../demo/phone-network/sound/mu-law.ts';
import { refusal } from '../../../src/protocol/problem.ts';
import { allow, FakeGateServer } from '../../support/fake-gate-server.ts';
import { RawSipClient } from '../../support/raw-sip-client.ts';
import { type EmbeddedEdge, startEmbeddedEdge } from './start-embedded-edge.ts';

/** A browser's audio without a browser: ICE, DTLS and SRTP are real. */
class AudioClient {
  readonly received: { readonly atMs: number; readonly payload: Buffer }[] = [];
  readonly #connection = new PeerConnection('client', {
    iceServers: [],
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  });
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #track: Track | null = null;
  #sequence = 0;

  async offer(): Promise<string> {
    const audio = new Audio('0', 'SendRecv');
    audio.addAudioCodec(0, 'PCMU/8000/1');
    audio.addAudioCodec(101, 'telephone-event/8000');
    audio.addSSRC(this.#ssrc, 'client', 'client', 'audio');
    const track = this.#connection.addTrack(audio);
    track.onMessage((packet) => {
      const type = (packet[1] ?? 0) & 0x7f;
      if (type === 0) this.received.push({ atMs: performance.now(), payload: packet.subarray(12) });
    });
    this.#track = track;
    const gathered = Promise.withResolvers<void>();
    this.#connection.onGatheringStateChange((state) => {
      if (state === 'complete') gathered.resolve();
    });
    this.#connection.setLocalDescription('offer');
    await gathered.promise;
    const description = this.#connection.localDescription()?.sdp ?? '';
    return description.replace('PCMU/8000/1', 'PCMU/8000');
  }

  async accept(answer: string): Promise<void> {
    const opened = Promise.withResolvers<void>();
    this.#track?.onOpen(() => opened.resolve());
    this.#connection.setRemoteDescription(answer, 'answer');
    await opened.promise;
  }

  send(payload: Buffer, payloadType = 0): void {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = payloadType;
    this.#sequence += 1;
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(this.#sequence * 160, 4);
    header.writeUInt32BE(this.#ssrc, 8);
    this.#track?.sendMessageBinary(Buffer.concat([header, payload]));
  }

  close(): void {
    this.#connection.close();
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('real audio', () => {
  const gate = new FakeGateServer();
  const keys: string[] = [];
  let edge: EmbeddedEdge;
  let client: RawSipClient;

  beforeAll(async () => {
    await gate.start();
    edge = await startEmbeddedEdge(gate, { onKey: (_callId, key) => keys.push(key) });
    const { sipUrl: url, domain, sipSecret: secret } = edge;
    client = new RawSipClient({ url, domain, user: 'audio.user', secret });
    await client.open();
    expect((await client.register()).status).toBe(200);
  });
  afterAll(async () => {
    await edge.stop();
    await gate.stop();
  });

  /**
   * Calls until the audio is up. As the side that offered, libdatachannel can, on a busy machine, finish DTLS before it has stored
   * the answer with the fingerprint, and gives up; that is this test client's trouble, not the network's, which answers.
   */
  async function call(number: string, leaseSeconds = 60) {
    for (let attempt = 1; ; attempt += 1) {
      gate.script = () => allow({ leaseSeconds });
      const audio = new AudioClient();
      const offer = await audio.offer();
      const dialog = client.invite(number, { body: offer });
      const answer = await dialog.final();
      expect(answer.status).toBe(200);
      try {
        await audio.accept(answer.body);
        return { audio, dialog, offer };
      } catch (error) {
        if (attempt === 5) throw error;
        audio.close();
        dialog.send('BYE');
      }
    }
  }

  test('600 sends back exactly what it hears, and hears keys', async () => {
    const { audio, dialog } = await call('600');
    const spoken = Array.from({ length: 20 }, () => randomBytes(160));
    for (const payload of spoken) {
      audio.send(payload);
      await pause(5);
    }
    audio.send(Buffer.from([7, 0x80, 0, 160]), 101);
    await pause(200);
    const heard = audio.received.map(({ payload }) => payload.toString('hex'));
    expect(heard).toEqual(spoken.map((payload) => payload.toString('hex')));
    expect(keys).toContain('7');
    await dialog.ask('BYE');
    audio.close();
  });

  test('601 plays fifty packets a second that are loud enough to hear', async () => {
    const { audio, dialog } = await call('601');
    await pause(1_000);
    expect(audio.received.length).toBeGreaterThan(35);
    expect(audio.received.length).toBeLessThan(60);
    const samples = audio.received.flatMap(({ payload }) => [...payload].map(fromMuLaw));
    expect(Math.max(...samples)).toBeGreaterThan(5_000);
    await dialog.ask('BYE');
    audio.close();
  });

  /** Star and one, as a browser sends keys. */
  function pressStarOne(audio: AudioClient): void {
    for (const key of [10, 1]) audio.send(Buffer.from([key, 0x80, 0, 160]), 101);
  }

  /** Lossless: the network's bytes arrive as they are. */
  function untilHeard(audio: AudioClient, tone: Buffer): Promise<void> {
    const lastNote = tone.subarray(-320, -160);
    return expect
      .poll(() => audio.received.some(({ payload }) => payload.equals(lastNote)), { timeout: 5_000 })
      .toBe(true);
  }

  test('F-07: star and one begin a recording and end it, and each time a tone says so', async () => {
    const { audio, dialog } = await call('601');
    pressStarOne(audio);
    await untilHeard(audio, ANSWER_TONES.started);
    pressStarOne(audio);
    await untilHeard(audio, ANSWER_TONES.stopped);
    await dialog.ask('BYE');
    audio.close();
    const ended = await gate.untilReport(({ kind, extras }) => kind === 'ended' && extras !== undefined);
    expect(ended.extras).toEqual([{ kind: 'recording', durationSeconds: expect.any(Number) }]);
  });

  test('F-07: a recording that is refused is answered with another tone', async () => {
    gate.extraAnswer = { decision: 'refuse', refusal: refusal('no_credit') };
    const { audio, dialog } = await call('601');
    pressStarOne(audio);
    await untilHeard(audio, ANSWER_TONES.refused);
    await dialog.ask('BYE');
    audio.close();
    await gate.untilReport(({ kind, extras }) => kind === 'ended' && extras?.length === 0);
  });

  test('a held call hears nothing until it is resumed', async () => {
    const { audio, dialog, offer } = await call('601');
    const held = await dialog.ask('INVITE', { body: offer.replace('a=sendrecv', 'a=sendonly') });
    expect(held.body).toContain('a=recvonly');
    await pause(60);
    const before = audio.received.length;
    await pause(300);
    expect(audio.received.length - before).toBeLessThanOrEqual(1);
    expect((await dialog.ask('INVITE', { body: offer })).body).toContain('a=sendrecv');
    await pause(300);
    expect(audio.received.length - before).toBeGreaterThan(8);
    await dialog.ask('BYE');
    audio.close();
  });

  test('a browser that ignores the BYE hears nothing after its lease', async () => {
    client.manners.answersRequests = false;
    const { audio, dialog } = await call('601', 3);
    await dialog.bye();
    await pause(60);
    const before = audio.received.length;
    expect(before).toBeGreaterThan(20);
    await pause(500);
    expect(audio.received.length).toBe(before);
    client.manners.answersRequests = true;
    audio.close();
  });
});
