import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpEdgeCommands } from '../../../server/edge/http-edge-commands.ts';

const CALL = { callId: 'call-0001', state: 'answered', elapsedMs: 1_000, leaseSeconds: 60 } as const;
const TARGET = { edgeId: 'embedded', accountId: 'acme', callId: 'call-0001' };
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let seen: { method: string; url: string; authorization: string; body: string }[] = [];

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, authorization: headers.authorization ?? '', body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function commands(timeoutMs = 5_000) {
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  const address = { baseUrl: `http://127.0.0.1:${port}/edge/`, secret: 'edge-secret' };
  return createHttpEdgeCommands({ edges: new Map([['embedded', address]]), timeoutMs });
}

test('puts the lease and posts the end, with the secret, and gives back the call as the edge has it', async () => {
  answer = (_request, response) => response.end(JSON.stringify(CALL));
  const done = { outcome: 'done', call: CALL };
  expect(await commands().setLease(TARGET, { leaseSeconds: 60, isFinal: true })).toEqual(done);
  expect(await commands().end(TARGET, { reason: 'paused', text: 'x' })).toEqual(done);
  expect(seen).toEqual([
    {
      method: 'PUT',
      url: '/edge/calls/call-0001/lease',
      authorization: 'Bearer edge-secret',
      body: '{"leaseSeconds":60,"isFinal":true,"accountId":"acme"}',
    },
    {
      method: 'POST',
      url: '/edge/calls/call-0001/end',
      authorization: 'Bearer edge-secret',
      body: '{"reason":"paused","text":"x","accountId":"acme"}',
    },
  ]);
});

test('404 is "gone"; everything else that is no call is "unreachable", with the cause and without the secret', async () => {
  const outcome = () => commands(200).setLease(TARGET, { leaseSeconds: 60, isFinal: false });
  answer = (_request, response) => response.writeHead(404).end();
  expect(await outcome()).toEqual({ outcome: 'gone' });
  const others: (typeof answer)[] = [
    (_request, response) => response.writeHead(500).end(),
    (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    (_request, response) => response.end('no json'),
    (_request, response) => response.end('{"callId":1}'),
    (request) => request.socket.destroy(),
    () => undefined,
  ];
  for (const other of others) {
    answer = other;
    const told = await outcome();
    expect(told).toMatchObject({ outcome: 'unreachable', cause: expect.any(String) });
    expect(JSON.stringify(told)).not.toContain('edge-secret');
  }
});

describe('leases of one turn', () => {
  const OTHER = { ...TARGET, accountId: 'other', callId: 'call-0002' };
  const both = () => {
    const edge = commands(200);
    return Promise.all([
      edge.setLease(TARGET, { leaseSeconds: 60, isFinal: false }),
      edge.setLease(OTHER, { leaseSeconds: 90, isFinal: true }),
    ]);
  };
  const paths = () => seen.map(({ method, url }) => `${method} ${url}`).toSorted();
  const ONE_BY_ONE = ['PUT /edge/calls/call-0001/lease', 'PUT /edge/calls/call-0002/lease'];
  const GONE = { outcome: 'gone' };

  /** Answers the list so, and every single command with 404. */
  function answerList(listed: typeof answer): void {
    answer = (request, response) =>
      request.url === '/edge/leases' ? listed(request, response) : response.writeHead(404).end();
  }

  test('are put as a list, with the secret; null is a call that is gone', async () => {
    answerList((_request, response) => response.end(JSON.stringify({ calls: [CALL, null] })));
    expect(await both()).toEqual([{ outcome: 'done', call: CALL }, GONE]);
    const leases = [
      { leaseSeconds: 60, isFinal: false, accountId: 'acme', callId: 'call-0001' },
      { leaseSeconds: 90, isFinal: true, accountId: 'other', callId: 'call-0002' },
    ];
    const authorization = 'Bearer edge-secret';
    expect(seen).toEqual([{ method: 'PUT', url: '/edge/leases', authorization, body: JSON.stringify({ leases }) }]);
  });

  test.each([404, 405, 501, 400, 413])('are told one by one to an edge that answers %i to a list', async (status) => {
    answerList((_request, response) => response.writeHead(status).end());
    expect(await both()).toEqual([GONE, GONE]);
    expect(paths()).toEqual([...ONE_BY_ONE, 'PUT /edge/leases']);
  });

  test.each([
    ['no JSON', 'OK'],
    ['one call', JSON.stringify(CALL)],
    ['too few calls', JSON.stringify({ calls: [CALL] })],
    ['calls in another order', JSON.stringify({ calls: [{ ...CALL, callId: 'call-0002' }, CALL] })],
  ])('are told one by one to an edge that answers a list with %s: no call is taken for another', async (_, body) => {
    answerList((_request, response) => response.end(body));
    expect(await both()).toEqual([GONE, GONE]);
    expect(paths()).toEqual([...ONE_BY_ONE, 'PUT /edge/leases']);
  });

  test.each<[string, typeof answer]>([
    ['500', (_request, response) => response.writeHead(500).end()],
    ['401', (_request, response) => response.writeHead(401).end()],
    ['nothing in time', () => undefined],
    ['a connection that breaks', (request) => request.socket.destroy()],
  ])('have not arrived when the edge answers with %s', async (_, listed) => {
    answerList(listed);
    const told = await both();
    expect(told).toEqual([told[0], told[0]]);
    expect(told[0]).toMatchObject({ outcome: 'unreachable', cause: expect.any(String) });
    expect(paths()).toEqual(['PUT /edge/leases']);
  });
});

test('an edge without an address is unreachable', async () => {
  const told = await commands().end({ ...TARGET, edgeId: 'nowhere' }, { reason: 'paused', text: 'x' });
  expect(told).toEqual({ outcome: 'unreachable', cause: 'no address is configured for edge nowhere' });
});
