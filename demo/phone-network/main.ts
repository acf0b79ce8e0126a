/**
 * The embedded network as a process of its own, so that the gate server can be restarted while people talk:
 *
 *   EDGE_PORT (8090)  EDGE_HOST (127.0.0.1)  EDGE_ID (embedded)  EDGE_SECRET  GATE_URL  SIP_DOMAIN  SIP_SECRET
 *   EDGE_MEDIA_PORT (one UDP port for all media)  EDGE_MEDIA_ADDRESS  EDGE_ORIGINS (comma separated)
 *
 * Commands are taken at http://EDGE_HOST:EDGE_PORT/calls/..., SIP at ws://EDGE_HOST:EDGE_PORT/sip.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { createPhoneNetwork } from './phone-network.ts';
import { passwordFromSecret } from './signalling/ephemeral-password.ts';

function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is needed.`);
    process.exit(2);
  }
  return value;
}

const { EDGE_PORT = '8090', EDGE_HOST = '127.0.0.1', EDGE_ID = 'embedded' } = process.env;
const { EDGE_MEDIA_PORT, EDGE_MEDIA_ADDRESS, EDGE_ORIGINS } = process.env;

const network = createPhoneNetwork({
  domain: required('SIP_DOMAIN'),
  edgeId: EDGE_ID,
  gate: { baseUrl: required('GATE_URL'), secret: required('EDGE_SECRET') },
  passwordOf: passwordFromSecret(required('SIP_SECRET'), () => Date.now()),
  allowedOrigins: EDGE_ORIGINS ? EDGE_ORIGINS.split(',') : null,
  mediaUdpPort: EDGE_MEDIA_PORT ? Number(EDGE_MEDIA_PORT) : null,
  mediaAddress: EDGE_MEDIA_ADDRESS ?? null,
  onProblem: ({ what, cause }) => console.error(JSON.stringify({ what, cause })),
});

const server = createAdaptorServer({
  fetch: async (request: Request) => (await network.handleEdgeCommand(request)) ?? new Response(null, { status: 404 }),
});
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  if (!network.handleUpgrade(request, { socket, head })) socket.destroy();
});
server.listen(Number(EDGE_PORT), EDGE_HOST, () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : EDGE_PORT;
  console.log(JSON.stringify({ listening: `http://${EDGE_HOST}:${port}`, sip: `ws://${EDGE_HOST}:${port}/sip` }));
});

process.once('SIGTERM', () => {
  network.close().finally(() => process.exit(0));
});
