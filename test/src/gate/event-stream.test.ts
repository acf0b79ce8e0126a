import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventStream } from '../../../src/gate/event-stream.ts';
import type { GateEvent } from '../../../src/phone/ports.ts';
import { PhoneTestClock } from '../../support/phone-clock.ts';
import { answerProblem, PhoneGateServer, until } from '../../support/phone-gate-server.ts';
import { sampleBalance } from '../../support/phone-samples.ts';

let server: PhoneGateServer;
let clock: PhoneTestClock;
let events: GateEvent[];
let streams: ServerResponse[];
let logged: string[];
let stream: EventStream;
let token = 'token-1';

beforeEach(async () => {
  server = await new PhoneGateServer().start();
  clock = new PhoneTestClock();
  events = [];
  streams = [];
  logged = [];
  token = 'token-1';
  server.script = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    streams.push(response);
  };
  stream = new EventStream(
    {
      gateUrl: server.url,
      token: () => token,
      clock,
      random: () => 0,
      log: (message, detail) => logged.push(`${message} ${JSON.stringify(detail)}`),
    },
    (event) => events.push(event),
  );
});
afterEach(async () => {
  stream.close();
  await server.stop();
});

function links(): string[] {
  return events.flatMap((event) => (event.type === 'link' ? [event.link] : []));
}

function send(id: string, event: unknown): void {
  streams.at(-1)?.write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`);
}

async function live(count = 1): Promise<void> {
  await until(() => links().filter((link) => link === 'live').length === count && streams.length >= count);
}

/** Until the stream waits for its next attempt, then makes it. */
async function retry(): Promise<void> {
  const before = server.heard.length;
  while (server.heard.length === before) await clock.advance(250);
}

const balanceEvent = (version: number) => ({ type: 'balance', balance: sampleBalance({ version }) });

describe('the event stream', () => {
  test('carries the token in a header and hands over what the server says', async () => {
    stream.open();
    await live();
    expect(server.heard[0]?.address).toBe('/v1/events');
    expect(server.heard[0]?.headers).toMatchObject({ authorization: 'Bearer token-1', accept: 'text/event-stream' });
    expect(server.heard[0]?.headers['last-event-id']).toBeUndefined();
    send('a-1', balanceEvent(7));
    await until(() => events.some(({ type }) => type === 'server'));
    expect(events.at(-1)).toEqual({ type: 'server', event: balanceEvent(7) });
  });

  test('resumes after a cut where it broke off', async () => {
    stream.open();
    await live();
    send('a-1', balanceEvent(1));
    send('a-2', balanceEvent(2));
    await until(() => events.filter(({ type }) => type === 'server').length === 2);
    streams[0]?.destroy();
    await until(() => links().at(-1) === 'connecting');
    await retry();
    await live(2);
    expect(server.heard[1]?.headers['last-event-id']).toBe('a-2');
    send('a-3', balanceEvent(3));
    await until(() => events.filter(({ type }) => type === 'server').length === 3);
    expect(links()).toEqual(['connecting', 'live', 'connecting', 'live']);
  });

  test('an event in two pieces, a character in two pieces and a comment are no trouble', async () => {
    stream.open();
    await live();
    const bytes = Buffer.from(`: beat\n\nid: x\ndata: ${JSON.stringify({ type: 'resync' })}\n\n`);
    for (const byte of bytes) streams[0]?.write(Buffer.of(byte));
    await until(() => events.some(({ type }) => type === 'server'));
    expect(events.at(-1)).toEqual({ type: 'server', event: { type: 'resync' } });
  });

  test('what it does not know is logged and skipped', async () => {
    stream.open();
    await live();
    send('a-1', { type: 'of a newer server' });
    streams[0]?.write('data: no json\n\n');
    send('a-3', { type: 'resync' });
    await until(() => events.some(({ type }) => type === 'server'));
    expect(logged).toHaveLength(2);
  });

  test('connects again when three heartbeats are missed, and not before', async () => {
    stream.open();
    await live();
    await clock.advance(44_000);
    streams[0]?.write(':\n\n');
    // The comment itself says nothing to the listener: an event behind it shows that it has been read.
    send('a-1', { type: 'resync' });
    await until(() => events.some(({ type }) => type === 'server'));
    await clock.advance(44_000);
    expect(links().at(-1)).toBe('live');
    await clock.advance(1_000);
    await until(() => links().at(-1) === 'connecting');
    await retry();
    await live(2);
    expect(server.heard[1]?.headers['last-event-id']).toBe('a-1');
  });

  test('asks the page for a token again when the stream ends with the old one', async () => {
    stream.open();
    await live();
    token = 'token-2';
    streams[0]?.end();
    await until(() => links().at(-1) === 'connecting');
    await retry();
    await live(2);
    expect(server.heard[1]?.headers.authorization).toBe('Bearer token-2');
    expect(logged).toEqual([]);
  });

  test('says when it is not let in, keeps trying with growing delays, and comes back', async () => {
    const letIn = server.script;
    server.script = (_request, response) => answerProblem(response, { code: 'token_invalid', status: 401 });
    stream.open();
    await until(() => links().at(-1) === 'unauthorized');
    const beganAtMs = clock.monotonicMs();
    for (let attempt = 0; attempt < 4; attempt += 1) await retry();
    expect(clock.monotonicMs() - beganAtMs).toBeGreaterThanOrEqual(250 + 500 + 1_000 + 2_000);
    server.script = letIn;
    await retry();
    await live();
    expect(links()).toEqual(['connecting', 'unauthorized', 'live']);
  });

  test('stays away for as long as a busy server asks', async () => {
    server.script = (_request, response) =>
      answerProblem(response, { code: 'rate_limited', status: 429, retryInSeconds: 9 });
    stream.open();
    await server.untilHeard(1);
    await until(() => links().includes('unreachable') && clock.pendingTimers === 1);
    await clock.advance(8_999);
    expect(server.heard).toHaveLength(1);
    await clock.advance(1);
    await server.untilHeard(2);
  });

  test('says when nobody can be reached', async () => {
    await server.stop();
    stream.open();
    await until(() => links().at(-1) === 'unreachable');
    server = await new PhoneGateServer().start();
  });

  test('connects at once when somebody else has heard the server, whatever wait is left', async () => {
    const letIn = server.script;
    server.script = (_request, response) => void response.writeHead(502).end();
    stream.open();
    for (let attempt = 0; attempt < 6; attempt += 1) await retry();
    await until(() => clock.pendingTimers === 1);
    expect(stream.isUnreachable).toBe(true);
    server.script = letIn;
    const before = server.heard.length;
    await clock.advance(999);
    stream.retryNow();
    expect(server.heard).toHaveLength(before);
    await clock.advance(1);
    stream.retryNow();
    stream.retryNow();
    await live();
    expect([stream.isUnreachable, server.heard.length]).toEqual([false, before + 1]);
    // Its own next attempt is not made any more, and a live stream is left alone.
    stream.retryNow();
    await clock.advance(30_000);
    expect(server.heard).toHaveLength(before + 1);
  });

  test('does not hurry when the server has asked it to stay away, or does not let it in', async () => {
    for (const problem of [
      { code: 'rate_limited', status: 429, retryInSeconds: 9 },
      { code: 'token_invalid', status: 401 },
    ] as const) {
      server.script = (_request, response) => answerProblem(response, problem);
      const refused = new EventStream(
        { gateUrl: server.url, token: () => token, clock, random: () => 0, log: () => undefined },
        (event) => events.push(event),
      );
      refused.open();
      const before = server.heard.length;
      await server.untilHeard(before + 1);
      await until(() => links().length > 1 && clock.pendingTimers === 1);
      // Under the shortest wait of its own, so that only hurrying could bring another request.
      await clock.advance(200);
      refused.retryNow();
      await clock.advance(0);
      expect(server.heard).toHaveLength(before + 1);
      refused.close();
      events.length = 0;
    }
  });

  test('tells nothing and tries nothing after it was closed', async () => {
    stream.open();
    await live();
    stream.close();
    const before = events.length;
    send('a-1', { type: 'resync' });
    await clock.advance(120_000);
    expect(events).toHaveLength(before);
    expect(server.heard).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
