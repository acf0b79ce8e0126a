import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_WAITING_EVENTS } from '../../../server/events/event-stream.ts';
import { MAX_STREAMS_PER_PERSON } from '../../../server/events/event-streams.ts';
import type { OfficeEvent } from '../../../server/services.ts';
import { HEARTBEAT_SECONDS, type ServerEvent, serverEventSchema } from '../../../src/protocol/events.ts';
import { type GateFixture, gateFixture } from '../../support/gate-fixture.ts';
import { sampleBalance, sampleCall } from '../../support/sample-answers.ts';

const berlin = { accountId: 'acme', officeId: 'berlin', personId: null };
const sam = {
  accountId: 'acme',
  officeId: 'berlin',
  personId: 'sam',
  name: 'Sam',
  role: 'agent',
  licence: null,
} as const;

function balanceEvent(version: number, officeId = 'berlin'): ServerEvent {
  return { type: 'balance', balance: sampleBalance(officeId, version) };
}

/** Reads a stream frame by frame. */
function reader(response: Response) {
  const chunks = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async (): Promise<string | null> => {
    const { done, value } = await chunks.read();
    return done ? null : new TextDecoder().decode(value);
  };
  const nextEvent = async (): Promise<{ id: string; event: ServerEvent }> => {
    const text = (await next()) ?? '';
    const [, id = '', data = ''] = /^id: (\S+)\ndata: (.*)\n\n$/.exec(text) ?? [];
    return { id, event: serverEventSchema.parse(JSON.parse(data || `"no event: ${text}"`)) };
  };
  return { next, nextEvent, cancel: () => chunks.cancel() };
}

async function open(fixture: GateFixture, more: Parameters<GateFixture['send']>[2] = {}) {
  const response = await fixture.send('GET', '/v1/events', more);
  expect(response.status).toBe(200);
  const stream = reader(response);
  expect(await stream.next()).toMatch(/^retry: \d+\n\n$/);
  return { response, ...stream };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the event stream', () => {
  test('begins with the balance and the own running calls, goes on with what changes', async () => {
    const fixture = gateFixture();
    const { response, nextEvent } = await open(fixture);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect((await nextEvent()).event).toEqual(balanceEvent(1));
    expect((await nextEvent()).event).toEqual({ type: 'call', call: sampleCall('call-of-sample', sam) });
    fixture.hub.publish(berlin, balanceEvent(2));
    expect((await nextEvent()).event).toEqual(balanceEvent(2));
  });

  test('is resumed by Last-Event-ID: what was missed comes, and nothing twice', async () => {
    const fixture = gateFixture();
    const first = await open(fixture);
    await first.nextEvent();
    const { id } = await first.nextEvent();
    await first.cancel();
    fixture.hub.publish(berlin, balanceEvent(2));
    fixture.hub.publish({ ...berlin, personId: 'kim' }, balanceEvent(3));
    const second = await open(fixture, { headers: { 'last-event-id': id } });
    expect((await second.nextEvent()).event).toEqual(balanceEvent(2));
    fixture.hub.publish(berlin, balanceEvent(4));
    expect((await second.nextEvent()).event).toEqual(balanceEvent(4));
  });

  test('says resync when it cannot be resumed, and sends the state of things', async () => {
    const { nextEvent } = await open(gateFixture(), { headers: { 'last-event-id': 'another-process-7' } });
    expect((await nextEvent()).event).toEqual({ type: 'resync' });
    expect((await nextEvent()).event.type).toBe('balance');
  });

  test('is told once to ask for everything after events may have been lost, however often that is said', async () => {
    const fixture = gateFixture();
    const { next, nextEvent } = await open(fixture);
    await nextEvent();
    await nextEvent();
    const timers: { readonly delayMs: number; readonly callback: () => void }[] = [];
    const after = (delayMs: number, callback: () => void) => {
      timers.push({ delayMs, callback });
      return () => undefined;
    };
    const lose = () => fixture.streams.resyncAll({ waitMs: 1_000, withinMs: 2_000, after });
    lose();
    lose();
    expect(timers).toHaveLength(1);
    expect(timers[0]?.delayMs).toBeGreaterThanOrEqual(1_000);
    expect(timers[0]?.delayMs).toBeLessThan(3_000);
    timers[0]?.callback();
    // Without an id: what is resumed later goes on from the last event.
    expect(await next()).toBe('data: {"type":"resync"}\n\n');
    lose();
    expect(timers).toHaveLength(2);
  });

  test('ends when the token does', async () => {
    const fixture = gateFixture();
    const { next, nextEvent } = await open(fixture, { token: await fixture.token({ lifetimeSeconds: 60 }) });
    await nextEvent();
    await nextEvent();
    vi.advanceTimersByTime(59_000);
    expect(fixture.streams.count).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect([fixture.streams.count, fixture.hub.openOffices.length]).toEqual([0, 0]);
    const beats: string[] = [];
    for (let text = await next(); text !== null; text = await next()) beats.push(text);
    expect(new Set(beats)).toEqual(new Set([':\n\n']));
  });

  test('has a heartbeat', async () => {
    const { next, nextEvent } = await open(gateFixture());
    await nextEvent();
    await nextEvent();
    vi.advanceTimersByTime(HEARTBEAT_SECONDS * 1_000);
    expect(await next()).toBe(':\n\n');
  });

  test('cuts off who reads too slowly, and nobody else', async () => {
    const fixture = gateFixture();
    const slow = await open(fixture);
    await slow.nextEvent();
    await slow.nextEvent();
    for (let version = 0; version <= MAX_WAITING_EVENTS; version += 1)
      fixture.hub.publish(berlin, balanceEvent(version));
    expect(fixture.streams.count).toBe(0);
    await expect(slow.next()).rejects.toThrow('too slow');
  });

  test('needs a token in the header; one in the address is not looked at', async () => {
    const { send, token } = gateFixture();
    const response = await send('GET', `/v1/events?access_token=${await token()}`, { token: null });
    expect(response.status).toBe(401);
  });

  test('an agent follows its own office only, a company admin those it selects', async () => {
    const fixture = gateFixture();
    expect((await fixture.send('GET', '/v1/events?office=berlin,austin')).status).toBe(403);
    const company = await fixture.token({ role: 'company' });
    expect((await fixture.send('GET', '/v1/events?office=berlin,nowhere', { token: company })).status).toBe(403);
    const { nextEvent } = await open(fixture, { token: company, headers: { 'x-office': 'berlin,austin' } });
    const snapshot = [await nextEvent(), await nextEvent(), await nextEvent(), await nextEvent()];
    expect(snapshot.map(({ event }) => event.type)).toEqual(['balance', 'call', 'balance', 'call']);
    fixture.hub.publish({ ...berlin, officeId: 'austin', personId: 'kim' }, balanceEvent(5, 'austin'));
    expect((await nextEvent()).event).toEqual(balanceEvent(5, 'austin'));
  });

  test('shows a person only what the policy lets it see', async () => {
    const visibleEvent = (_: unknown, event: OfficeEvent): OfficeEvent =>
      event.type === 'balance' ? { type: 'resync' } : event;
    const fixture = gateFixture({ dependencies: { visibleEvent } });
    const { nextEvent } = await open(fixture);
    expect((await nextEvent()).event.type).toBe('resync');
    await nextEvent();
    fixture.hub.publish(berlin, balanceEvent(2));
    expect((await nextEvent()).event.type).toBe('resync');
  });

  test('the oldest stream of a person ends when there are too many', async () => {
    const fixture = gateFixture();
    const first = await open(fixture);
    for (let count = 0; count < MAX_STREAMS_PER_PERSON; count += 1) await open(fixture);
    expect(fixture.streams.count).toBe(MAX_STREAMS_PER_PERSON);
    await first.nextEvent().catch(() => undefined);
    await first.nextEvent().catch(() => undefined);
    expect(await first.next()).toBeNull();
  });

  test('HEAD opens none, and closing the gate ends all', async () => {
    const fixture = gateFixture();
    expect((await fixture.send('HEAD', '/v1/events')).status).toBe(200);
    expect(fixture.streams.count).toBe(0);
    await open(fixture);
    await fixture.gate.close();
    expect(fixture.streams.count).toBe(0);
  });
});
