/** A process that is an edge to which every call lives: answers each command at once. Prints its base address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EdgeCall, LeaseCommand } from '../../server/edge/edge-contract.ts';

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const callId = decodeURIComponent(request.url?.split('/').at(-2) ?? '');
  // The bench sends lease commands only.
  const { leaseSeconds } = JSON.parse(Buffer.concat(chunks).toString()) as LeaseCommand;
  const call: EdgeCall = { callId, state: 'answered', elapsedMs: 1_000, leaseSeconds };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(call));
});
server.listen(0, '127.0.0.1', () => {
  // A server on TCP has an address with a port.
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
