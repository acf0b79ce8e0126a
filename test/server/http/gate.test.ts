import { describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../../../server/storage/store.ts';
import { ENDPOINTS, type Endpoint } from '../../../src/protocol/endpoints.ts';
import { granted, problemSchema, refusal, refused } from '../../../src/protocol/problem.ts';
import { EDGE_SECRET, gateFixture } from '../../support/gate-fixture.ts';
import { sampleHandlers } from '../../support/sample-answers.ts';

const BODIES: Readonly<Record<string, unknown>> = {
  authorizeCall: { to: '+4915123456789', callerNumber: null },
  renewCall: { renewalIndex: 1 },
  buyNumber: { purchaseId: 'purchase-1' },
  askForCredit: { requestId: 'request-1', reason: 'please' },
  answerCreditRequest: { state: 'granted', words: null, addedMicros: 5_000_000 },
  addPlayCredit: { creditId: 'credit-12', amountMicros: 5_000_000 },
  setPause: { isPaused: true },
};
const endpoints = Object.entries<Endpoint>(ENDPOINTS).map(([name, endpoint]) => ({
  name,
  endpoint,
  path: endpoint.path
    .replace(':callId', 'call-0001')
    .replace(':requestId', 'request-1')
    .replace(':number', encodeURIComponent('+14155550100'))
    .concat(name === 'quote' ? '?to=600' : ''),
  body: BODIES[name],
}));

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
}

describe('every address of the contract', () => {
  test.each(endpoints)('$name answers as the contract says', async ({ endpoint, path, body }) => {
    const { send, token } = gateFixture();
    const response = await send(endpoint.method, path, { body, token: await token({ role: 'billing' }) });
    expect(response.status).toBe(200);
    expect(endpoint.response.safeParse(await response.json()).success).toBe(true);
  });

  test.each(endpoints)('$name refuses who has no token', async ({ endpoint, path, body }) => {
    const response = await gateFixture().send(endpoint.method, path, { body, token: null });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="credit-phone"');
    expect((await problemOf(response)).code).toBe('token_missing');
  });

  test.each(endpoints.filter(({ endpoint }) => endpoint.role === 'billing'))('$name refuses agents', async (row) => {
    const response = await gateFixture().send(row.endpoint.method, row.path, { body: row.body });
    expect(response.status).toBe(403);
    expect((await problemOf(response)).code).toBe('role_forbidden');
  });

  test.each(
    endpoints.filter(({ body }) => body !== undefined),
  )('$name names what is wrong with its body', async (row) => {
    const { send, token } = gateFixture();
    const response = await send(row.endpoint.method, row.path, { body: {}, token: await token({ role: 'billing' }) });
    expect(response.status).toBe(422);
    const { code, errors } = await problemOf(response);
    expect(code).toBe('request_invalid');
    expect(errors?.every(({ field, reason }) => field.startsWith('/') && reason.length > 5)).toBe(true);
  });
});

describe('offices', () => {
  test('a token for an office that does not exist, or of another account, is refused', async () => {
    const { send, token } = gateFixture();
    for (const claims of [{ office: 'nowhere' }, { account: 'nobody' }, { account: 'other', office: 'austin' }]) {
      const response = await send('GET', '/v1/me', { token: await token(claims) });
      expect((await problemOf(response)).code).toBe('office_forbidden');
    }
  });

  test('a company admin may act for another office of its account, by header or by query, and for no other account', async () => {
    const { send, token } = gateFixture();
    const company = await token({ role: 'company' });
    const byHeader = await send('GET', '/v1/balance', { token: company, headers: { 'x-office': 'austin' } });
    expect(await byHeader.json()).toMatchObject({ officeId: 'austin' });
    const byQuery = await send('GET', '/v1/balance?office=austin', { token: company });
    expect(await byQuery.json()).toMatchObject({ officeId: 'austin' });
    const foreign = await send('GET', '/v1/balance', {
      token: await token({ role: 'company', account: 'other' }),
      headers: { 'x-office': 'austin' },
    });
    expect((await problemOf(foreign)).code).toBe('office_forbidden');
  });

  test.each(['agent', 'billing'])('role %s may not act for another office, but may name its own', async (role) => {
    const { send, token } = gateFixture();
    const own = await send('GET', '/v1/balance?office=berlin', { token: await token({ role }) });
    expect(own.status).toBe(200);
    const other = await send('GET', '/v1/balance?office=austin', { token: await token({ role }) });
    expect((await problemOf(other)).code).toBe('office_forbidden');
  });
});

describe('refusals', () => {
  test('carry the numbers that explain them, who can fix it, and the request id', async () => {
    const numbers = { neededMicros: 60_000, availableMicros: 50_000, currency: 'USD' };
    // The refusal's numbers are amounts.
    const reason = { ...refusal('insufficient_credit'), ...numbers } as ReturnType<typeof refusal>;
    const handlers = { ...sampleHandlers(), authorizeCall: async () => refused(reason) };
    const { send } = gateFixture({ dependencies: { handlers } });
    const response = await send('POST', '/v1/calls/call-0001/authorize', { body: BODIES.authorizeCall });
    expect(response.status).toBe(402);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ code: 'insufficient_credit', whoCanFix: 'admin', ...numbers });
    expect(problem.instance).toBe(response.headers.get('x-request-id'));
    expect(problem.type).toBe('/problems/insufficient_credit');
  });

  test('say when to come back', async () => {
    const handlers = {
      ...sampleHandlers(),
      askForCredit: async () => refused(refusal('already_asked', { retryInSeconds: 42 })),
    };
    const { send } = gateFixture({ dependencies: { handlers } });
    const response = await send('POST', '/v1/credit-requests', { body: BODIES.askForCredit });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '42']);
  });

  test('a store that cannot work is "unavailable", a bug is "internal", and neither tells the cause to the caller', async () => {
    const failing = (error: Error) => ({
      dependencies: { handlers: { ...sampleHandlers(), balance: () => Promise.reject(error) } },
    });
    const unavailable = await gateFixture(failing(new UnavailableError('disk full'))).send('GET', '/v1/balance');
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '2']);
    const fixture = gateFixture(failing(new Error('secret cause')));
    const text = await (await fixture.send('GET', '/v1/balance')).text();
    expect(JSON.parse(text).code).toBe('internal');
    expect(text).not.toContain('secret cause');
    expect(fixture.logLines.join('')).toContain('secret cause');
  });

  test('a request that takes too long is "unavailable"', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const handlers = { ...sampleHandlers(), balance: () => new Promise<never>(() => undefined) };
      const { send } = gateFixture({ dependencies: { handlers } });
      const response = send('GET', '/v1/balance');
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1), { timeout: 15_000 });
      await vi.advanceTimersByTimeAsync(10_000);
      expect((await response).status).toBe(503);
    } finally {
      vi.useRealTimers();
    }
  });

  test('an answer of ours that breaks the contract is a bug, not an answer', async () => {
    // Not what the contract says, on purpose.
    const handlers = { ...sampleHandlers(), balance: async () => granted({} as never) };
    const response = await gateFixture({ dependencies: { handlers } }).send('GET', '/v1/balance');
    expect((await problemOf(response)).code).toBe('internal');
  });
});

describe('transport', () => {
  test('unknown addresses and methods', async () => {
    const { send } = gateFixture();
    expect((await problemOf(await send('GET', '/v2/me'))).code).toBe('not_found');
    expect((await problemOf(await send('GET', '/'))).code).toBe('not_found');
    const wrong = await send('DELETE', '/v1/balance');
    expect((await problemOf(wrong)).code).toBe('method_not_allowed');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await send('GET', '/v1/calls/call-0001/authorize')).headers.get('allow')).toBe('OPTIONS, POST');
  });

  test('HEAD answers like GET without a body, OPTIONS tells the methods', async () => {
    const { send } = gateFixture();
    const head = await send('HEAD', '/v1/balance');
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await send('OPTIONS', '/v1/pause', { token: null });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'OPTIONS, PUT']);
  });

  test('a body that is too large is refused, whether its length is announced or not', async () => {
    const { gate, token, send } = gateFixture();
    const body = JSON.stringify({ to: 'x'.repeat(20_000), callerNumber: null });
    const announced = await send('POST', '/v1/calls/call-0001/authorize', {
      body,
      headers: { 'content-length': String(body.length) },
    });
    expect((await problemOf(announced)).code).toBe('body_too_large');
    const streamed = new Request('http://gate.example/v1/calls/call-0001/authorize', {
      method: 'POST',
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect((await gate.fetch(streamed)).status).toBe(413);
  });

  test.each([
    ['no JSON', '{"to":', {}],
    ['another content type', 'to=1', { 'content-type': 'text/plain' }],
    ['no object', '[]', {}],
  ])('a body that is %s is refused', async (_name, body, headers) => {
    const response = await gateFixture().send('POST', '/v1/calls/call-0001/authorize', { body, headers });
    expect((await problemOf(response)).code).toBe('request_invalid');
  });

  test('wrong parameters are named', async () => {
    const { send } = gateFixture();
    const call = await problemOf(await send('GET', '/v1/calls/short'));
    expect(call.errors?.map(({ field }) => field)).toEqual(['callId']);
    const quote = await problemOf(await send('GET', '/v1/quote'));
    expect(quote.errors?.map(({ field }) => field)).toEqual(['to']);
  });

  test('the rate of a person and of an address is limited, and both recover', async () => {
    const { send, clock, token } = gateFixture({
      settings: { personRequestsPerSecond: 1, addressRequestsPerSecond: 2 },
    });
    const statuses = async (count: number, options: Parameters<typeof send>[2]) => {
      const all: number[] = [];
      for (let index = 0; index < count; index += 1) all.push((await send('GET', '/v1/me', options)).status);
      return all;
    };
    expect(await statuses(11, {})).toEqual([...Array(10).fill(200), 429]);
    const dana = await token({ sub: 'dana' });
    expect(await statuses(10, { token: dana })).toEqual([...Array(9).fill(200), 429]);
    expect(await statuses(1, { token: dana, address: '192.0.2.2' })).toEqual([200]);
    clock.advance(1_000);
    expect(await statuses(2, {})).toEqual([200, 429]);
  });

  test('security headers are on every answer, refusals included', async () => {
    const { send } = gateFixture();
    for (const path of ['/v1/me', '/nowhere', '/healthz']) {
      const { headers } = await send('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-request-id')).toMatch(/^[\w.-]{8,64}$/);
    }
  });

  test('a harmless request id of the caller is kept, another one is not', async () => {
    const { send } = gateFixture();
    const kept = await send('GET', '/healthz', { headers: { 'x-request-id': 'case-4711-abc' } });
    expect(kept.headers.get('x-request-id')).toBe('case-4711-abc');
    const replaced = await send('GET', '/healthz', { headers: { 'x-request-id': '<script>alert(1)</script>' } });
    expect(replaced.headers.get('x-request-id')).not.toContain('script');
  });

  test('a closed gate answers "unavailable"', async () => {
    const { gate, send } = gateFixture();
    await gate.close();
    expect((await problemOf(await send('GET', '/v1/me'))).code).toBe('unavailable');
  });
});

describe('cross-origin requests', () => {
  const headers = { origin: 'https://crm.example' };
  const preflight = {
    ...headers,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };

  test('are allowed from the list only', async () => {
    const { send } = gateFixture({ settings: { corsOrigins: ['https://crm.example'] } });
    expect((await send('GET', '/v1/me', { headers })).headers.get('access-control-allow-origin')).toBe(
      'https://crm.example',
    );
    const stranger = await send('GET', '/v1/me', { headers: { origin: 'https://evil.example' } });
    expect([stranger.headers.get('access-control-allow-origin'), stranger.headers.get('vary')]).toEqual([
      null,
      'origin',
    ]);
    const asked = await send('OPTIONS', '/v1/calls/call-0001/authorize', { headers: preflight, token: null });
    expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, POST, PUT']);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('are not allowed by default', async () => {
    const { send } = gateFixture();
    for (const [method, more] of [
      ['GET', headers],
      ['OPTIONS', preflight],
    ] as const) {
      const response = await send(method, '/v1/me', { headers: more });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('the SIP edge', () => {
  const admission = {
    direction: 'outbound',
    edgeId: 'edge-1',
    sipCallId: 'a@b',
    callerUser: 'sam',
    calledNumber: '600',
    grant: null,
  };
  const report = { accountId: 'acme', edgeId: 'edge-1', happenedAgoMs: 0 };
  const rows = [
    ['/edge/v1/admissions', admission],
    ['/edge/v1/calls/call-0001/ringing', report],
    ['/edge/v1/calls/call-0001/answered', report],
    ['/edge/v1/calls/call-0001/extras', { accountId: 'acme', edgeId: 'edge-1', extra: { kind: 'transfer', units: 1 } }],
    ['/edge/v1/calls/call-0001/ended', { ...report, durationMs: 1_000, reason: 'hung_up' }],
  ] as const;

  test.each(rows)('%s answers who knows the secret', async (path, body) => {
    const response = await gateFixture().send('POST', path, { body, token: EDGE_SECRET });
    expect(response.status).toBe(200);
  });

  test.each(rows)('%s refuses who does not, a signed-in person included', async (path, body) => {
    const fixture = gateFixture();
    for (const token of [null, `${EDGE_SECRET}x`, EDGE_SECRET.slice(1), await fixture.token({ role: 'company' })]) {
      expect((await problemOf(await fixture.send('POST', path, { body, token }))).code).toBe('edge_forbidden');
    }
  });

  test('reports are checked like everything that comes from outside', async () => {
    const { send } = gateFixture();
    const negative = await send('POST', '/edge/v1/calls/call-0001/ended', {
      token: EDGE_SECRET,
      body: { ...report, durationMs: -1, reason: 'hung_up' },
    });
    expect((await problemOf(negative)).errors?.map(({ field }) => field)).toEqual(['/durationMs']);
    const badId = await send('POST', '/edge/v1/calls/x/ringing', { token: EDGE_SECRET, body: report });
    expect((await problemOf(badId)).code).toBe('request_invalid');
  });

  test('is not slowed down by the limit of its address, guessing the secret is', async () => {
    const { send } = gateFixture({ settings: { addressRequestsPerSecond: 1 } });
    const statuses = async (token: string) => {
      const all = await Promise.all(
        Array.from({ length: 30 }, () => send('POST', rows[1][0], { body: report, token })),
      );
      return new Set(all.map(({ status }) => status));
    };
    expect(await statuses(EDGE_SECRET)).toEqual(new Set([200]));
    expect(await statuses('guess')).toEqual(new Set([401, 429]));
  });
});

describe('operations', () => {
  test('/healthz, /readyz, /openapi.json and /problems/… need no token', async () => {
    const { send } = gateFixture();
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/problems/no_credit']) {
      expect((await send('GET', path, { token: null })).status).toBe(200);
    }
    expect((await send('GET', '/problems/nonsense', { token: null })).status).toBe(404);
  });

  test('/readyz fails when the store cannot commit, /healthz does not', async () => {
    const { send } = gateFixture({
      dependencies: {
        store: { place: 'SQLite file /srv/a', check: () => Promise.reject(new UnavailableError('disk full')) },
      },
    });
    const answer = await send('GET', '/readyz');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: 'SQLite file /srv/a: disk full' });
    expect((await send('GET', '/healthz')).status).toBe(200);
  });

  test('/metrics counts requests by route and status, and is there only for those who may', async () => {
    const secret = 'metrics-token-0123456789-0123456789';
    const open = gateFixture();
    await open.send('GET', '/v1/me');
    const text = await (await open.send('GET', '/metrics', { token: null })).text();
    expect(text).toContain('credit_phone_requests_total{route="me",status="200"} 1');
    expect(text).toContain('credit_phone_request_seconds_bucket{le="0.005",route="me"}');
    expect((await gateFixture({ settings: { metricsToken: null } }).send('GET', '/metrics')).status).toBe(404);
    const guarded = gateFixture({ settings: { metricsToken: secret } });
    expect((await guarded.send('GET', '/metrics', { token: null })).status).toBe(401);
    expect((await guarded.send('GET', '/metrics', { token: secret })).status).toBe(200);
  });

  test('no token, grant or password is left in the log', async () => {
    const { send, token, logLines } = gateFixture();
    const secretToken = await token();
    await send('POST', '/v1/calls/call-0001/authorize', { body: BODIES.authorizeCall, token: secretToken });
    await send('POST', '/v1/line-credentials', { token: secretToken });
    await send('GET', `/v1/quote?to=600&token=${secretToken}`, { token: `${secretToken}x` });
    const log = logLines.join('');
    expect(log).toContain('"route":"authorizeCall"');
    expect(log).toContain('"personId":"sam"');
    for (const secret of [secretToken, secretToken.slice(-20), 'short-lived', 'a.b.c', 'to=600'])
      expect(log).not.toContain(secret);
  });
});
