/** A process that is an edge to which every call lives: answers lease commands, one or a list, at once. Prints its base address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  EDGE_COMMAND_PATHS,
  type EdgeCall,
  type LeaseCommand,
  type LeaseList,
  type LeaseListAnswer,
} from '../../server/edge/edge-contract.ts';

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answerTo(request.url ?? '', body)));
});

/** The bench sends lease commands only. */
function answerTo(path: string, body: unknown): EdgeCall | LeaseListAnswer {
  if (path === EDGE_COMMAND_PATHS.leases) return { calls: (body as LeaseList).leases.map(callWith) };
  return callWith({ callId: decodeURIComponent(path.split('/').at(-2) ?? ''), ...(body as LeaseCommand) });
}

function callWith({ callId, leaseSeconds }: { readonly callId: string; readonly leaseSeconds: number }): EdgeCall {
  return { callId, state: 'answered', elapsedMs: 1_000, leaseSeconds };
}

server.listen(0, '127.0.0.1', () => {
  // A server on TCP has an address with a port.
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
