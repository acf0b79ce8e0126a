import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGateClient } from '../../../src/gate/gate-client.ts';
import { ENDPOINTS } from '../../../src/protocol/endpoints.ts';
import { micros } from '../../../src/protocol/money.ts';
import { PhoneTestClock } from '../../support/phone-clock.ts';
import { answerJson, answerProblem, PhoneGateServer, type Script, until } from '../../support/phone-gate-server.ts';
import {
  sampleAuthorization,
  sampleBalance,
  sampleMe,
  sampleQuote,
  sampleRecord,
} from '../../support/phone-samples.ts';

const CALL_ID = 'call-0001';
const TOKEN = 'secret-token-1';

let server: PhoneGateServer;
let clock: PhoneTestClock;
let logged: string[];
let tokens: string[];

beforeEach(async () => {
  server = await new PhoneGateServer().start();
  clock = new PhoneTestClock();
  logged = [];
  tokens = [TOKEN];
});
afterEach(() => server.stop());

function client(gateUrl = server.url) {
  return createGateClient({
    gateUrl,
    token: () => (tokens.length > 1 ? tokens.shift() : tokens[0]) ?? '',
    clock,
    random: () => 0,
    log: (message, detail) => logged.push(`${message} ${JSON.stringify(detail)}`),
  });
}

/** Moves the clock until the answer is there: repeats wait for it. */
async function moved<T>(answer: Promise<T>): Promise<T> {
  let isThere = false;
  void answer.finally(() => {
    isThere = true;
  });
  while (!isThere) await clock.advance(50);
  return answer;
}

describe('a request', () => {
  test('goes to the address of the contract with the token in a header, never in the address', async () => {
    server.script = (_request, response) => answerJson(response, sampleMe());
    expect(await client(`${server.url}/`).me()).toEqual({ ok: true, value: sampleMe() });
    const heard = server.heard[0];
    expect([heard?.method, heard?.address]).toEqual([ENDPOINTS.me.method, ENDPOINTS.me.path]);
    expect(heard?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(heard?.headers.cookie).toBeUndefined();
  });

  test('carries query, path and body where the contract has them', async () => {
    const gate = client();
    server.script = (_request, response) => answerJson(response, sampleQuote());
    await gate.quote({ to: '+49 151/1 & 2' });
    expect(server.heard[0]?.address).toBe('/v1/quote?to=%2B49+151%2F1+%26+2');
    server.script = (_request, response) => answerJson(response, { numbers: [], nextCursor: null });
    await gate.searchNumbers({ country: 'US' });
    expect(server.heard[1]?.address).toBe('/v1/numbers?country=US');
    await moved(gate.buyNumber('+1/2', { purchaseId: 'purchase-1' }));
    expect(server.heard[2]).toMatchObject({
      method: 'POST',
      address: '/v1/numbers/%2B1%2F2/purchase',
      body: { purchaseId: 'purchase-1' },
    });
  });

  test('a problem comes back as the refusal that it is, with its numbers and without texts for developers', async () => {
    server.script = (_request, response) =>
      response.writeHead(402, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          type: '/problems/insufficient_credit',
          title: 'The credit does not cover this.',
          status: 402,
          detail: 'Nothing was charged.',
          code: 'insufficient_credit',
          whoCanFix: 'admin',
          neededMicros: 120_000,
          availableMicros: 50_000,
          currency: 'USD',
        }),
      );
    expect(await client().authorizeCall(CALL_ID, { to: '600', callerNumber: null })).toEqual({
      ok: false,
      refusal: {
        code: 'insufficient_credit',
        whoCanFix: 'admin',
        neededMicros: 120_000,
        availableMicros: 50_000,
        currency: 'USD',
      },
    });
    expect(server.heard).toHaveLength(1);
  });

  test.each([
    ['a proxy answers in its place', 502, '<html>Bad gateway</html>'],
    ['the answer is not what the contract says', 200, '{"name":"Sam"}'],
    ['the answer is no JSON', 200, 'hello'],
    ['it leads somewhere else', 302, ''],
  ])('is unavailable when %s', async (_what, status, text) => {
    server.script = (_request, response) => response.writeHead(status, { location: '/v1/me2' }).end(text);
    expect(await client().me()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(logged.join()).not.toContain(TOKEN);
  });

  test('is unavailable when nobody listens, and the true reason is in the log only', async () => {
    const { url } = server;
    await server.stop();
    server = await new PhoneGateServer().start();
    expect(await client(url).balance()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(logged.join()).toContain('balance');
  });

  test('gives up when there is no answer in time', async () => {
    server.script = () => undefined;
    const answer = client().balance();
    await server.untilHeard(1);
    await clock.advance(6_000);
    expect(await answer).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
  });

  test('can be aborted, quietly', async () => {
    server.script = () => undefined;
    const abort = new AbortController();
    const answer = client().quote({ to: '600', signal: abort.signal });
    await server.untilHeard(1);
    abort.abort();
    expect(await answer).toMatchObject({ ok: false });
    expect(logged).toEqual([]);
  });

  test('asks the page for a new token once when the old one has expired', async () => {
    tokens = ['old', 'new'];
    server.script = ({ headers }, response) =>
      headers.authorization === 'Bearer new'
        ? answerJson(response, sampleBalance())
        : answerProblem(response, { code: 'token_expired', status: 401 });
    expect(await client().balance()).toMatchObject({ ok: true });
    tokens = ['old'];
    expect(await client().balance()).toMatchObject({ ok: false, refusal: { code: 'token_expired' } });
    expect(server.heard).toHaveLength(4);
  });

  test('a token function that throws does not throw here', async () => {
    const gate = createGateClient({
      gateUrl: server.url,
      token: () => Promise.reject(new Error('host page')),
      clock,
      random: () => 0,
      log: (message) => logged.push(message),
    });
    expect(await gate.me()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(server.heard).toEqual([]);
  });
});

describe('repeats', () => {
  test('an authorization whose answer was lost is asked for again with the same id', async () => {
    server.script = ({ address }, response) => {
      if (server.heard.length < 3) response.destroy();
      else answerJson(response, sampleAuthorization(address.split('/')[3] ?? ''));
    };
    const outcome = await moved(client().authorizeCall(CALL_ID, { to: '600', callerNumber: null }));
    expect(outcome).toMatchObject({ ok: true, value: { callId: CALL_ID } });
    expect(new Set(server.heard.map(({ address }) => address))).toEqual(new Set([`/v1/calls/${CALL_ID}/authorize`]));
    expect(server.heard).toHaveLength(3);
  });

  test('an authorization fails closed within seconds', async () => {
    server.script = (_request, response) => answerProblem(response, { code: 'unavailable', status: 503 });
    const beganAtMs = clock.monotonicMs();
    const outcome = await moved(client().authorizeCall(CALL_ID, { to: '600', callerNumber: null }));
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(clock.monotonicMs() - beganAtMs).toBeLessThan(7_000);
    expect(server.heard.length).toBeGreaterThan(2);
  });

  test('stays away for as long as the server asks, and no longer', async () => {
    server.script = (_request, response) =>
      server.heard.length === 1
        ? answerProblem(response, { code: 'rate_limited', status: 429, retryInSeconds: 3 })
        : answerJson(response, sampleBalance());
    const beganAtMs = clock.monotonicMs();
    expect(await moved(client().setPause({ isPaused: true }))).toMatchObject({ ok: true });
    expect(clock.monotonicMs() - beganAtMs).toBeGreaterThanOrEqual(3_000);
    expect(clock.monotonicMs() - beganAtMs).toBeLessThan(4_000);
  });

  test('a wait that nobody has the patience for is answered at once, with its length', async () => {
    server.script = (_request, response) =>
      answerProblem(response, { code: 'rate_limited', status: 429, retryInSeconds: 60 });
    expect(await client().authorizeCall(CALL_ID, { to: '600', callerNumber: null })).toMatchObject({
      ok: false,
      refusal: { code: 'rate_limited', retryInSeconds: 60 },
    });
    expect(server.heard).toHaveLength(1);
  });

  test('"already asked" is an answer, not a reason to ask again', async () => {
    server.script = (_request, response) =>
      answerProblem(response, { code: 'already_asked', status: 429, retryInSeconds: 1 });
    const outcome = await client().askForCredit({ requestId: 'request-1', reason: '' });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'already_asked', retryInSeconds: 1 } });
    expect(server.heard).toHaveLength(1);
  });

  test('a release goes on until the server has answered, also through an hour of outage and expired tokens', async () => {
    let isUp = false;
    server.script = (_request, response) => {
      if (isUp) answerJson(response, sampleRecord(CALL_ID, { status: 'released' }));
      else if (server.heard.length % 2) answerProblem(response, { code: 'token_expired', status: 401 });
      else response.destroy();
    };
    const release = client().releaseCall(CALL_ID);
    while (clock.monotonicMs() < 5_000 + 20 * 60_000) {
      await clock.advance(30_000);
      await until(() => clock.pendingTimers > 0);
    }
    isUp = true;
    expect(await moved(release)).toMatchObject({ ok: true, value: { status: 'released' } });
    expect(server.heard.length).toBeLessThan(120);
  });

  test('a release that the server does not know is answered', async () => {
    server.script = (_request, response) => answerProblem(response, { code: 'call_unknown', status: 404 });
    expect(await client().releaseCall(CALL_ID)).toMatchObject({ ok: false, refusal: { code: 'call_unknown' } });
    expect(server.heard).toHaveLength(1);
  });

  test('play credit is added under one id however often it is sent', async () => {
    server.script = (_request, response) =>
      server.heard.length === 1 ? response.destroy() : answerJson(response, sampleBalance());
    await moved(client().addPlayCredit({ creditId: 'credit-01', amountMicros: micros(50_000) }));
    expect(server.heard.map(({ body }) => body)).toEqual([
      { creditId: 'credit-01', amountMicros: 50_000 },
      { creditId: 'credit-01', amountMicros: 50_000 },
    ]);
  });
});

describe('requests and the event stream', () => {
  const links: string[] = [];
  const streamed = () => server.heard.filter(({ address }) => address === '/v1/events').length;
  /** Events cannot be had; everything else is as `answer` says. */
  function script(answer: Script): void {
    server.script = (request, response) =>
      request.address === '/v1/events' ? void response.writeHead(502).end() : answer(request, response);
  }

  async function lostStream() {
    links.length = 0;
    const gate = client();
    const close = gate.subscribe((event) => void (event.type === 'link' && links.push(event.link)));
    await until(() => links.at(-1) === 'unreachable' && clock.pendingTimers === 1);
    // Long waits by now: the next attempt by itself is seconds away.
    for (let seen = streamed(); seen < 6; seen = streamed()) await clock.advance(500);
    await until(() => clock.pendingTimers === 1);
    await clock.advance(1_000);
    return { gate, close };
  }

  test('an answer to anything brings the stream back at once', async () => {
    script((_request, response) => answerJson(response, sampleRecord(CALL_ID)));
    const { gate, close } = await lostStream();
    const before = streamed();
    await gate.call(CALL_ID);
    await until(() => streamed() === before + 1);
    close();
  });

  test('a refusal is an answer too; a proxy that answers in its place is none', async () => {
    script((_request, response) => answerProblem(response, { code: 'call_unknown', status: 404 }));
    const { gate, close } = await lostStream();
    const before = streamed();
    script((_request, response) => void response.writeHead(502).end());
    await gate.call(CALL_ID);
    await clock.advance(0);
    expect(streamed()).toBe(before);
    script((_request, response) => answerProblem(response, { code: 'call_unknown', status: 404 }));
    await gate.call(CALL_ID);
    await until(() => streamed() === before + 1);
    close();
  });

  test('who dials while nobody can be reached is told within a second, asked once, and the stream tries again', async () => {
    script(() => undefined);
    const { gate, close } = await lostStream();
    const before = streamed();
    const answer = gate.authorizeCall(CALL_ID, { to: '600', callerNumber: null });
    await until(() => server.heard.some(({ address }) => address.endsWith('/authorize')));
    await clock.advance(1_000);
    expect(await answer).toEqual({ ok: false, refusal: { code: 'unavailable', whoCanFix: 'operator' } });
    expect(server.heard.filter(({ address }) => address.endsWith('/authorize'))).toHaveLength(1);
    await until(() => streamed() > before);
    close();
  });

  test('who dials when it is back, but not known to be, is let through', async () => {
    script((_request, response) => answerJson(response, sampleAuthorization(CALL_ID)));
    const { gate, close } = await lostStream();
    expect(await gate.authorizeCall(CALL_ID, { to: '600', callerNumber: null })).toMatchObject({ ok: true });
    close();
  });
});
