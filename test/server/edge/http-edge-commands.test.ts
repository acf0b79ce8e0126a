import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('an edge without an address is unreachable', async () => {
  const told = await commands().end({ ...TARGET, edgeId: 'nowhere' }, { reason: 'paused', text: 'x' });
  expect(told).toEqual({ outcome: 'unreachable', cause: 'no address is configured for edge nowhere' });
});
