/** What one WebSocket may take of the memory and time of all. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { monotonicClock } from '../../../../demo/phone-network/metering/monotonic-clock.ts';
import { SipConnection } from '../../../../demo/phone-network/signalling/sip-connection.ts';
import { SipEndpoint } from '../../../../demo/phone-network/signalling/sip-endpoint.ts';

const PING = '\r\n\r\n';

let server: WebSocketServer;
let client: WebSocket;
let socket: WebSocket;
let endpoint: SipEndpoint;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  // A server that listens on TCP has an address with a port.
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  [socket] = await accepted;
  const nothing = () => undefined;
  const common = { domain: 'phone.test', clock: monotonicClock };
  endpoint = new SipEndpoint({
    ...common,
    graceMs: 0,
    onInvite: nothing,
    onRegister: nothing,
    onDisposed: nothing,
    onProblem: nothing,
  });
  new SipConnection({ ...common, socket, endpoint, findOwner: () => null, onClosed: nothing });
  if (client.readyState !== client.OPEN) await once(client, 'open');
});
afterEach(() => {
  endpoint.dispose();
  client.terminate();
  server.close();
});

test('who reads the answers goes on', async () => {
  client.send(PING);
  expect(String((await once(client, 'message'))[0])).toBe('\r\n');
  expect(client.readyState).toBe(client.OPEN);
});

test('who does not read the answers is cut off before they fill the memory', async () => {
  const unread = { get: () => 1_000_001 };
  Object.defineProperty(socket, 'bufferedAmount', unread);
  client.send(PING);
  await once(client, 'close');
  expect(socket.readyState).toBe(socket.CLOSED);
});
